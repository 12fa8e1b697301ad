-- What tenants have written: code bundles, functions with their drafts, versions, aliases, test events.
-- Every key and every reference starts with the tenant, so that no row can point into another tenant.

-- The files of a function. sha256 is the content address: the digest of the manifest
-- (docs/decisions: "Code bundles are addressed by their manifest"). Never changed; used_at only moves the
-- time from which an unreferenced bundle may be swept.
CREATE TABLE bundles (
    tenant_id    bigint      NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    sha256       text        NOT NULL COLLATE "C",
    manifest     text        NOT NULL,
    file_count   integer     NOT NULL,
    size_bytes   bigint      NOT NULL,
    packed_bytes bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    used_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sha256),
    CONSTRAINT bundles_sha256_is_hexadecimal CHECK (sha256 ~ '^[0-9a-f]{64}$')
);

-- The bundle as a zip archive, in pieces of at most 1 MiB: neither side ever holds a whole bundle in memory.
CREATE TABLE bundle_chunks (
    tenant_id bigint  NOT NULL,
    sha256    text    NOT NULL COLLATE "C",
    number    integer NOT NULL,
    content   bytea   NOT NULL,
    PRIMARY KEY (tenant_id, sha256, number),
    FOREIGN KEY (tenant_id, sha256) REFERENCES bundles (tenant_id, sha256) ON DELETE CASCADE
);
-- Zip does not get smaller by compressing it again.
ALTER TABLE bundle_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- A function and its draft ($LATEST). revision grows with each change of the draft. A deleted function keeps
-- its row, and its name is free again, until the time for taking it back is over.
CREATE SEQUENCE function_ids;
CREATE TABLE functions (
    tenant_id       bigint      NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id              bigint      NOT NULL,
    name            text        NOT NULL COLLATE "C",
    description     text        NOT NULL,
    runtime         text        NOT NULL,
    architecture    text        NOT NULL,
    handler         text        NOT NULL,
    memory          integer     NOT NULL,
    timeout         integer     NOT NULL,
    environment     text        NOT NULL,
    code_sha256     text        NOT NULL COLLATE "C",
    code_size_bytes bigint      NOT NULL,
    revision        bigint      NOT NULL,
    latest_version  integer,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    updated_by      text        NOT NULL,
    deleted_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, code_sha256) REFERENCES bundles (tenant_id, sha256),
    CONSTRAINT functions_name_has_its_shape CHECK (name ~ '^[A-Za-z0-9_-]{1,64}$'),
    CONSTRAINT functions_architecture_is_known CHECK (architecture IN ('x86_64', 'arm64')),
    CONSTRAINT functions_memory_is_in_range CHECK (memory BETWEEN 128 AND 10240),
    CONSTRAINT functions_timeout_is_in_range CHECK (timeout BETWEEN 1 AND 900)
);
CREATE UNIQUE INDEX functions_name_is_unique ON functions (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX functions_newest_change_first ON functions (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX functions_deleted ON functions (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX functions_of_bundle ON functions (tenant_id, code_sha256);

-- An immutable pair of code and configuration.
CREATE TABLE versions (
    tenant_id       bigint      NOT NULL,
    function_id     bigint      NOT NULL,
    number          integer     NOT NULL,
    note            text        NOT NULL,
    author          text        NOT NULL,
    created_at      timestamptz NOT NULL,
    runtime         text        NOT NULL,
    architecture    text        NOT NULL,
    handler         text        NOT NULL,
    memory          integer     NOT NULL,
    timeout         integer     NOT NULL,
    environment     text        NOT NULL,
    code_sha256     text        NOT NULL COLLATE "C",
    code_size_bytes bigint      NOT NULL,
    PRIMARY KEY (tenant_id, function_id, number),
    FOREIGN KEY (tenant_id, function_id) REFERENCES functions (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, code_sha256) REFERENCES bundles (tenant_id, sha256),
    CONSTRAINT versions_number_is_positive CHECK (number >= 1)
);
CREATE INDEX versions_of_bundle ON versions (tenant_id, code_sha256);

CREATE FUNCTION refuse_to_change_a_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % of function % is immutable', OLD.number, OLD.function_id;
END
$$;
CREATE TRIGGER versions_are_immutable BEFORE UPDATE ON versions
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_version();

-- A name for a version, or for two between which calls are split.
CREATE TABLE aliases (
    tenant_id          bigint           NOT NULL,
    function_id        bigint           NOT NULL,
    name               text             NOT NULL COLLATE "C",
    version            integer          NOT NULL,
    additional_version integer,
    additional_weight  double precision,
    revision           bigint           NOT NULL,
    updated_at         timestamptz      NOT NULL,
    updated_by         text             NOT NULL,
    PRIMARY KEY (tenant_id, function_id, name),
    FOREIGN KEY (tenant_id, function_id) REFERENCES functions (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, function_id, version) REFERENCES versions (tenant_id, function_id, number),
    FOREIGN KEY (tenant_id, function_id, additional_version) REFERENCES versions (tenant_id, function_id, number),
    CONSTRAINT aliases_split_is_whole CHECK ((additional_version IS NULL) = (additional_weight IS NULL)),
    CONSTRAINT aliases_split_is_between_two CHECK (additional_version <> version),
    CONSTRAINT aliases_weight_is_a_share CHECK (additional_weight BETWEEN 0 AND 1)
);

-- Events saved for trying a function. event is JSON text as it was written, spaces and line ends included.
CREATE TABLE test_events (
    tenant_id   bigint      NOT NULL,
    function_id bigint      NOT NULL,
    name        text        NOT NULL COLLATE "C",
    event       text        NOT NULL,
    updated_at  timestamptz NOT NULL,
    updated_by  text        NOT NULL,
    PRIMARY KEY (tenant_id, function_id, name),
    FOREIGN KEY (tenant_id, function_id) REFERENCES functions (tenant_id, id) ON DELETE CASCADE
);
