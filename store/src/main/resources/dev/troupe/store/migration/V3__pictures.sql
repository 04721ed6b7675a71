create table picture (
    id varchar(64) not null primary key,
    tenant varchar(64) not null,
    -- absent: it was asked for without a key
    key_id varchar(64),
    -- milliseconds since 1970: turns of a talk follow each other within a second
    created_at bigint not null,
    model varchar(256) not null,
    -- of the weights that made it
    fingerprint varchar(128) not null,
    parent varchar(64),
    conversation varchar(64),
    -- word of its file format
    type varchar(16) not null,
    bytes integer not null,
    -- a JSON object: prompt, seed, sampler and the rest of what it was made from
    details text not null
);

create index picture_tenant on picture (tenant, created_at, id);

create index picture_conversation on picture (tenant, conversation, created_at, id);

-- What is too old goes, whoever's it is.
create index picture_time on picture (created_at);

-- Content, in parts of at most half a megabyte: one of H2's binary columns holds no more than one.
create table blob_part (
    name varchar(128) not null,
    part integer not null,
    -- seconds since 1970
    put_at bigint not null,
    content bytea not null,
    primary key (name, part)
);

create index blob_part_time on blob_part (put_at);

-- What is kept for a tenant, under the key '', and how much of it for each of its keys.
create table storage_use (
    tenant varchar(64) not null,
    key_id varchar(64) not null,
    bytes bigint not null,
    primary key (tenant, key_id)
);

-- What all routers of the pool know and nobody else, in hex; made by the first that asks.
create table pool_secret (
    name varchar(64) not null primary key,
    secret varchar(128) not null
);
