-- Quillhaven: what reaches us from installations that customers run themselves. Three streams, each with its own switch.
PRAGMA foreign_keys = ON;
BEGIN;
CREATE TABLE switches (
  site_no INTEGER NOT NULL, stream TEXT NOT NULL CHECK (stream IN ('feedback', 'content_figures', 'clickstream')), allowed INTEGER NOT NULL,
  set_by_email TEXT, set_at TEXT NOT NULL, PRIMARY KEY (site_no, stream));
CREATE TABLE outbox (
  item_no INTEGER PRIMARY KEY, site_no INTEGER NOT NULL, stream TEXT NOT NULL CHECK (stream IN ('content_figures', 'clickstream')),
  payload TEXT NOT NULL, queued_at TEXT NOT NULL, sent_at TEXT);
CREATE TABLE feedback_notes (
  note_no INTEGER PRIMARY KEY, site_no INTEGER NOT NULL, sender_email TEXT, words TEXT, sent_at TEXT NOT NULL);
-- Each switch on at one site and off at another; site 6 never decided, which counts as off.
INSERT INTO switches VALUES
  (4, 'feedback', 1, 'wanda.kelso@brindle-mills.example', '2026-02-01T09:00:00Z'), (4, 'content_figures', 0, 'wanda.kelso@brindle-mills.example', '2026-02-01T09:00:00Z'),
  (4, 'clickstream', 1, 'wanda.kelso@brindle-mills.example', '2026-02-01T09:00:00Z'),
  (5, 'feedback', 0, 'ingrid.solheim@saltmarsh-trust.example', '2026-02-05T09:00:00Z'), (5, 'content_figures', 1, 'ingrid.solheim@saltmarsh-trust.example', '2026-02-05T09:00:00Z'),
  (5, 'clickstream', 0, 'ingrid.solheim@saltmarsh-trust.example', '2026-02-05T09:00:00Z');
INSERT INTO outbox VALUES
  (1, 4, 'clickstream', '{"feature":"editor","hour":"2026-03-01T10","count":12}', '2026-03-01T11:00:00Z', '2026-03-01T11:05:00Z'),
  (2, 5, 'content_figures', '{"term":"k:9f2c11","count":40}', '2026-03-02T11:00:00Z', '2026-03-02T11:05:00Z'),     -- a keyed digest whose key never leaves the site
  (3, 4, 'clickstream', '{"feature":"search","hour":"2026-11-22T06","count":3}', '2026-11-22T07:00:00Z', NULL);      -- still waiting: gone the moment the switch is turned off
INSERT INTO feedback_notes VALUES
  (1, 4, 'tomasz.wielgosz@brindle-mills.example', 'The colour picker is too small for my thumbs.', '2026-04-01T09:00:00Z');
COMMIT;
