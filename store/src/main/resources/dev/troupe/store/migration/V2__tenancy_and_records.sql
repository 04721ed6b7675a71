-- One row: how often tenants and keys have changed. A change locks it first, so changes come one after another.
create table tenancy (
    version bigint not null
);

insert into tenancy (version) values (0);

create table tenant (
    -- never given to another: what is written down under it stays its first owner's
    name varchar(64) not null primary key,
    weight integer not null,
    priority varchar(16) not null,
    logging varchar(16) not null,
    -- seconds since 1970
    created_at bigint not null,
    -- seconds since 1970
    deleted_at bigint,
    -- limits; one that is absent does not hold
    requests_per_minute bigint,
    tokens_per_minute bigint,
    images_per_minute bigint,
    concurrent_requests bigint,
    tokens_per_day bigint,
    storage_bytes bigint
);

-- The models that a tenant may use; without any row all of them.
create table tenant_model (
    tenant varchar(64) not null references tenant (name),
    model varchar(512) not null,
    primary key (tenant, model)
);

create table api_key (
    id varchar(64) not null primary key,
    tenant varchar(64) not null references tenant (name),
    -- SHA-256 in hex; the key itself is nowhere
    hash varchar(64) not null,
    -- words with commas between them
    scopes varchar(255) not null,
    -- seconds since 1970
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint,
    -- limits, beside those of the tenant
    requests_per_minute bigint,
    tokens_per_minute bigint,
    images_per_minute bigint,
    concurrent_requests bigint,
    tokens_per_day bigint,
    storage_bytes bigint
);

create index api_key_tenant on api_key (tenant);

create table audit_entry (
    id bigint generated always as identity primary key,
    -- seconds since 1970
    noted_at bigint not null,
    actor varchar(128) not null,
    action varchar(64) not null,
    subject varchar(128) not null,
    -- a JSON object
    detail text not null
);

-- One row a request, written once whoever writes it.
create table usage_ledger (
    request_id varchar(128) not null primary key,
    tenant varchar(64) not null,
    -- absent: it came without a key
    key_id varchar(64),
    model varchar(256) not null,
    path varchar(256) not null,
    -- milliseconds since 1970
    began_at bigint not null,
    ended_at bigint not null,
    prompt_tokens integer not null,
    cached_tokens integer not null,
    completion_tokens integer not null,
    images integer not null,
    outcome varchar(64) not null
);

create index usage_ledger_tenant on usage_ledger (tenant, ended_at);

create table request_log (
    request_id varchar(128) not null primary key,
    tenant varchar(64) not null,
    key_id varchar(64),
    path varchar(256) not null,
    model varchar(256) not null,
    -- milliseconds since 1970
    logged_at bigint not null,
    status integer not null,
    outcome varchar(64) not null,
    -- only with the tenant's consent
    request text,
    response text
);

create index request_log_tenant on request_log (tenant, logged_at);

-- What is too old goes, whoever's it is.
create index request_log_time on request_log (logged_at);
