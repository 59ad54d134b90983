-- Where documents come from. "cursor" is what the last finished sync saw: a commit, a moment.
CREATE TABLE source (
    source_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    location TEXT NOT NULL,
    cursor TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, location)
);

-- Every sync that was begun; one that never finished has no "finished".
CREATE TABLE sync (
    sync_id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES source,
    started TEXT NOT NULL,
    finished TEXT,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0
);

-- What one file said at one time. Rows are never altered but in their state: "staged" until the sync that read them is
-- finished, then "live", and "retired" once the file changed or went.
CREATE TABLE document (
    document_id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES source,
    path TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staged', 'live', 'retired')),
    token TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    parser INTEGER NOT NULL,
    readable INTEGER NOT NULL,
    release_id TEXT NOT NULL,
    title TEXT NOT NULL,
    section TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    stated TEXT,
    stated_source TEXT NOT NULL,
    written TEXT,
    written_source TEXT NOT NULL,
    words INTEGER NOT NULL,
    text_hash TEXT NOT NULL,
    text_key BLOB NOT NULL,
    figures_key BLOB NOT NULL,
    signature BLOB NOT NULL,
    sentence_keys BLOB NOT NULL,
    structure TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE UNIQUE INDEX document_live ON document (source_id, path) WHERE state = 'live';
CREATE UNIQUE INDEX document_staged ON document (source_id, path) WHERE state = 'staged';
CREATE INDEX document_state ON document (state);

-- What is wrong with a document. "found" says whether reading it showed that, or comparing it with others.
CREATE TABLE problem (
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    found TEXT NOT NULL CHECK (found IN ('reading', 'settling')),
    kind TEXT NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX problem_document ON problem (document_id);
CREATE INDEX problem_kind ON problem (kind);

-- Releases through time: one row a version, the newest of a release that is not gone is "current".
CREATE TABLE release_version (
    release_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    current INTEGER NOT NULL,
    sync_id INTEGER NOT NULL REFERENCES sync,
    change TEXT NOT NULL CHECK (change IN ('added', 'changed', 'removed')),
    hash TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES document,
    title TEXT NOT NULL,
    date TEXT,
    date_source TEXT NOT NULL,
    date_confidence TEXT NOT NULL,
    date_suspect TEXT NOT NULL,
    section TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    other_ids TEXT NOT NULL,
    other_urls TEXT NOT NULL,
    PRIMARY KEY (release_id, version)
);
CREATE UNIQUE INDEX release_current ON release_version (release_id) WHERE current;
CREATE INDEX release_date ON release_version (date) WHERE current;

-- Which release each live document belongs to, and by what reason.
CREATE TABLE fold (
    document_id INTEGER PRIMARY KEY REFERENCES document,
    release_id TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX fold_release ON fold (release_id);

-- The paragraphs of a release that are boilerplate, and those of them that are indexed with it (numbers from 0, JSON).
CREATE TABLE boilerplate (
    release_id TEXT PRIMARY KEY,
    paragraphs TEXT NOT NULL,
    indexed TEXT NOT NULL
);

-- Pages of a publisher's listing as they were last fetched, for conditional requests.
CREATE TABLE page (
    url TEXT PRIMARY KEY,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    body BLOB NOT NULL
);
