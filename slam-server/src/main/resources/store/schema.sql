-- A session of Roomfield in one SQLite database (WAL). Every row ends in a CRC-32C of its other
-- columns: integers and reals as 8 bytes little endian, text as UTF-8, each text and blob preceded
-- by its length as 8 bytes, NULL as the length -1.
-- Numbers in blobs are little endian. Poses are world_from_camera: unit quaternion, metres.

CREATE TABLE session (
  id              TEXT PRIMARY KEY,
  owner           TEXT NOT NULL,    -- the principal that opened it
  grants          TEXT NOT NULL,    -- JSON: principals with whom it is shared, and their roles
  settings        TEXT NOT NULL,    -- JSON: label, camera, depth scale, initial pose, configuration
  created_unix_ms INTEGER NOT NULL,
  state           TEXT NOT NULL,    -- OPEN or FINISHED
  crc32c          INTEGER NOT NULL
);

-- Every accepted frame. A row is durable before the client hears that the frame was accepted.
CREATE TABLE frames (
  sequence_number INTEGER PRIMARY KEY,  -- the API's uint64 in two's complement
  timestamp_ns    INTEGER NOT NULL,
  status          TEXT NOT NULL,        -- ACCEPTED (not tracked yet), DROPPED, TRACKING, UNCERTAIN or LOST
  qx REAL, qy REAL, qz REAL, qw REAL,   -- its pose as it was when the row was written; NULL without one
  tx REAL, ty REAL, tz REAL,
  record          TEXT,                 -- JSON: all that is known of a tracked frame
  crc32c          INTEGER NOT NULL
);

-- Images as they were sent: of keyframes, and of frames that the last checkpoint does not cover.
CREATE TABLE images (
  sequence_number INTEGER PRIMARY KEY,
  colour_encoding INTEGER NOT NULL,     -- number of the API's ColourEncoding
  colour          BLOB NOT NULL,
  depth_encoding  INTEGER NOT NULL,     -- number of the API's DepthEncoding
  depth           BLOB NOT NULL,
  crc32c          INTEGER NOT NULL
);

CREATE TABLE keyframes (
  keyframe_id     INTEGER PRIMARY KEY,  -- counted from 0
  sequence_number INTEGER NOT NULL,     -- of those that came with an opened map: -1, -2, ...
  timestamp_ns    INTEGER NOT NULL,
  qx REAL, qy REAL, qz REAL, qw REAL,
  tx REAL, ty REAL, tz REAL,
  pose            TEXT NOT NULL,        -- JSON: the same pose with all its digits
  crc32c          INTEGER NOT NULL
);

-- States of the engine from which a session goes on; the newest counts. Frames after its
-- sequence number are tracked and mapped again when the session is opened.
CREATE TABLE checkpoints (
  id              INTEGER PRIMARY KEY,
  sequence_number INTEGER,              -- the last frame that it covers; NULL before the first
  state           TEXT NOT NULL,        -- JSON
  crc32c          INTEGER NOT NULL
);

-- Blocks of the map as they were at a checkpoint. A block that did not change has no new row: the
-- row of its newest checkpoint counts. Rows of a checkpoint that has no row above were not finished.
CREATE TABLE blocks (
  level           TEXT NOT NULL,        -- coarse, mid, fine, colour, fused; decoder (one, number 0)
  number          INTEGER NOT NULL,     -- counted from 0 in the order of allocation
  checkpoint      INTEGER NOT NULL,
  x INTEGER NOT NULL, y INTEGER NOT NULL, z INTEGER NOT NULL,  -- block coordinates
  anchor          INTEGER NOT NULL,     -- id of the keyframe with which it moves
  -- int32 steps of Adam; then arrays, each with its length as int32: float32 values (features by
  -- vertex; distances, then weights of a fused block; weights of the decoder), float32 first and
  -- second moments, float32 mean distances, int8 seen points and int8 rounds of what was encoded.
  content         BLOB NOT NULL,
  crc32c          INTEGER NOT NULL,
  PRIMARY KEY (level, number, checkpoint)
);
