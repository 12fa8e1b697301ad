-- How a function's invocations are run, and how many of them.

-- Frozen with a version, like the rest of its configuration.
ALTER TABLE functions
    ADD COLUMN isolation           text    NOT NULL DEFAULT 'container',
    ADD COLUMN sandbox_concurrency integer NOT NULL DEFAULT 1,
    ADD COLUMN on_disconnect       text    NOT NULL DEFAULT 'finish',
    ADD CONSTRAINT functions_isolation_is_known CHECK (isolation IN ('container', 'gvisor')),
    ADD CONSTRAINT functions_sandbox_concurrency_is_in_range CHECK (sandbox_concurrency BETWEEN 1 AND 100),
    ADD CONSTRAINT functions_on_disconnect_is_known CHECK (on_disconnect IN ('finish', 'cancel'));
ALTER TABLE versions
    ADD COLUMN isolation           text    NOT NULL DEFAULT 'container',
    ADD COLUMN sandbox_concurrency integer NOT NULL DEFAULT 1,
    ADD COLUMN on_disconnect       text    NOT NULL DEFAULT 'finish';

-- A function's share of its workspace's concurrency, over all of its versions. No row: no share of its own.
-- Kept while the function is deleted, and counted only while it is not.
CREATE TABLE function_concurrency (
    tenant_id           bigint      NOT NULL,
    function_id         bigint      NOT NULL,
    maximum_concurrency integer,
    reserved_concurrency integer     NOT NULL,
    revision            bigint      NOT NULL,
    updated_at          timestamptz NOT NULL,
    updated_by          text        NOT NULL,
    PRIMARY KEY (tenant_id, function_id),
    FOREIGN KEY (tenant_id, function_id) REFERENCES functions (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT function_concurrency_maximum_is_no_debt CHECK (maximum_concurrency >= 0),
    CONSTRAINT function_concurrency_reserved_is_no_debt CHECK (reserved_concurrency >= 0),
    CONSTRAINT function_concurrency_reserved_can_be_used CHECK (reserved_concurrency <= maximum_concurrency)
);

-- Sandboxes that are kept ready for a version, named by its number or by an alias.
CREATE TABLE provisioned_concurrency (
    tenant_id   bigint      NOT NULL,
    function_id bigint      NOT NULL,
    qualifier   text        NOT NULL COLLATE "C",
    sandboxes   integer     NOT NULL,
    revision    bigint      NOT NULL,
    updated_at  timestamptz NOT NULL,
    updated_by  text        NOT NULL,
    PRIMARY KEY (tenant_id, function_id, qualifier),
    FOREIGN KEY (tenant_id, function_id) REFERENCES functions (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT provisioned_concurrency_is_some CHECK (sandboxes >= 1)
);
