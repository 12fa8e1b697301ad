-- Who may use the platform: tenants, users, their memberships, API keys, sessions.
-- (A role that may only look comes with teams, when there is a scope that can express it.)

CREATE TABLE tenants (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  char(12)    NOT NULL,
    name        text        NOT NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT tenants_account_id_is_unique UNIQUE (account_id),
    CONSTRAINT tenants_account_id_is_12_digits CHECK (account_id ~ '^[0-9]{12}$'),
    CONSTRAINT tenants_name_is_1_to_128_characters CHECK (length(name) BETWEEN 1 AND 128)
);

-- The address is stored as it is compared: trimmed and in lower case.
CREATE TABLE users (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email          text        NOT NULL,
    password_hash  text,
    created_at     timestamptz NOT NULL,
    disabled_at    timestamptz,
    CONSTRAINT users_email_is_unique UNIQUE (email),
    CONSTRAINT users_email_is_normal CHECK (email = lower(btrim(email)) AND length(email) BETWEEN 3 AND 254)
);

CREATE TABLE memberships (
    tenant_id   bigint      NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id     bigint      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role        text        NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT memberships_role_is_known CHECK (role IN ('owner', 'developer'))
);
CREATE INDEX memberships_of_user ON memberships (user_id, created_at);

-- The id is the public part of the key. Of the secret only its SHA-256 is kept: it has 256 random bits.
CREATE TABLE api_keys (
    id                 char(12) COLLATE "C" PRIMARY KEY,
    tenant_id          bigint      NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name               text        NOT NULL,
    scope              text        NOT NULL,
    secret_sha256      bytea       NOT NULL,
    created_at         timestamptz NOT NULL,
    created_by         text        NOT NULL,
    expires_at         timestamptz,
    last_used_at       timestamptz,
    last_used_address  text,
    revoked_at         timestamptz,
    CONSTRAINT api_keys_of_tenant UNIQUE (tenant_id, id),
    CONSTRAINT api_keys_id_is_12_letters_and_digits CHECK (id ~ '^[0-9A-Za-z]{12}$'),
    CONSTRAINT api_keys_name_is_1_to_64_characters CHECK (length(name) BETWEEN 1 AND 64),
    CONSTRAINT api_keys_scope_is_known CHECK (scope IN ('invoke', 'full')),
    CONSTRAINT api_keys_secret_is_a_sha256 CHECK (length(secret_sha256) = 32)
);
CREATE INDEX api_keys_newest_first ON api_keys (tenant_id, created_at DESC, id DESC);

-- Sessions of the console. The names and types of the columns are those Spring Session expects.
CREATE TABLE spring_session (
    primary_id             char(36) PRIMARY KEY,
    session_id             char(36) NOT NULL,
    creation_time          bigint   NOT NULL,
    last_access_time       bigint   NOT NULL,
    max_inactive_interval  int      NOT NULL,
    expiry_time            bigint   NOT NULL,
    principal_name         varchar(100)
);
CREATE UNIQUE INDEX spring_session_by_session_id ON spring_session (session_id);
CREATE INDEX spring_session_by_expiry_time ON spring_session (expiry_time);
CREATE INDEX spring_session_by_principal_name ON spring_session (principal_name);

CREATE TABLE spring_session_attributes (
    session_primary_id  char(36)     NOT NULL REFERENCES spring_session (primary_id) ON DELETE CASCADE,
    attribute_name      varchar(200) NOT NULL,
    attribute_bytes     bytea        NOT NULL,
    PRIMARY KEY (session_primary_id, attribute_name)
);
