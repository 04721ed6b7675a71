create table conversation (
    id varchar(64) not null primary key,
    tenant varchar(64) not null,
    -- seconds since 1970
    created_at bigint not null,
    -- one more with every append
    version bigint not null,
    -- a JSON object
    metadata text not null
);

create table conversation_item (
    conversation_id varchar(64) not null references conversation (id) on delete cascade,
    position integer not null,
    id varchar(64) not null unique,
    -- of the append that brought it, so that the same append writes nothing twice
    request_id varchar(128) not null,
    -- a JSON object
    body text not null,
    primary key (conversation_id, position)
);

create index conversation_item_request on conversation_item (conversation_id, request_id);
