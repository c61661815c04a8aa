-- Quillhaven: measurement and marketing.
PRAGMA foreign_keys = ON;
BEGIN;
CREATE TABLE readers (
  reader_no INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, member_no INTEGER, joined_at TEXT NOT NULL, last_sign_at TEXT, stopped_at TEXT);
CREATE TABLE stop_digests (keyed_digest TEXT PRIMARY KEY, since TEXT NOT NULL, scope TEXT NOT NULL);
CREATE TABLE bought_facts (
  fact_no INTEGER PRIMARY KEY, email TEXT, supplier TEXT NOT NULL, attribute TEXT NOT NULL, value TEXT NOT NULL, got_at TEXT NOT NULL);
CREATE TABLE leanings (member_no INTEGER NOT NULL, model TEXT NOT NULL, score REAL NOT NULL, at TEXT NOT NULL, PRIMARY KEY (member_no, model));
CREATE TABLE text_numbers (number_no INTEGER PRIMARY KEY, phone TEXT NOT NULL UNIQUE, member_no INTEGER, joined_at TEXT NOT NULL, left_at TEXT);
CREATE TABLE text_log (text_no INTEGER PRIMARY KEY, number_no INTEGER NOT NULL REFERENCES text_numbers(number_no), body TEXT, sent_at TEXT NOT NULL);
CREATE TABLE clicks (
  click_no INTEGER PRIMARY KEY, member_no INTEGER, device_tag TEXT, feature TEXT NOT NULL, link TEXT, file_kind TEXT, file_size INTEGER, file_title TEXT,
  ip TEXT, at TEXT NOT NULL);
CREATE TABLE device_pairs (device_a TEXT NOT NULL, device_b TEXT NOT NULL, member_no INTEGER, since TEXT NOT NULL, PRIMARY KEY (device_a, device_b));
CREATE TABLE ad_views (view_no INTEGER PRIMARY KEY, campaign TEXT NOT NULL, member_no INTEGER, at TEXT NOT NULL);
CREATE TABLE campaign_totals (campaign TEXT PRIMARY KEY, people INTEGER NOT NULL, views INTEGER NOT NULL);
CREATE TABLE feature_totals (feature TEXT NOT NULL, month TEXT NOT NULL, people INTEGER NOT NULL, uses INTEGER NOT NULL, PRIMARY KEY (feature, month));
CREATE TABLE contest_entries (entry_no INTEGER PRIMARY KEY, email TEXT NOT NULL, full_name TEXT, contest TEXT NOT NULL, answer TEXT, closes_on TEXT NOT NULL);

INSERT INTO readers VALUES
  (1, 'lucia.ferrant@lone-quill.example', 8, '2026-02-10T10:00:00Z', '2026-09-30T10:00:00Z', NULL),         -- her phone is in the text-message programme too
  (2, 'greta.shaw@brindle-mills.example', NULL, '2026-03-10T10:00:00Z', '2026-03-12T10:00:00Z', '2026-06-01T10:00:00Z'),   -- objected; only the digest below may outlive the row
  (3, 'olga.prospekt@elsewhere.example', NULL, '2024-08-01T10:00:00Z', '2025-03-01T10:00:00Z', NULL),      -- no member; the eighteen months after the last sign of interest are over
  (4, 'BJÖRN.ÆRØ@lone-quill.example', 15, '2026-04-04T10:00:00Z', '2026-05-04T10:00:00Z', NULL);
INSERT INTO stop_digests VALUES ('hmac:41c8', '2026-06-01T10:00:00Z', 'group');
INSERT INTO bought_facts VALUES
  (1, 'lucia.ferrant@lone-quill.example', 'Cartwheel Data', 'job_title', 'Illustrator', '2026-03-01'),
  (2, 'lucia.ferrant@lone-quill.example', 'Cartwheel Data', 'phone', '+1 415 555 0108', '2026-03-01'),  -- the same number as in the text-message programme, from another source
  (3, 'lucia.ferrant@lone-quill.example', 'public:social', 'social_profile', 'https://friends.example/lucia.ferrant', '2026-03-02'),
  (4, 'olga.prospekt@elsewhere.example', 'Cartwheel Data', 'intent', 'read three comparisons', '2026-04-01');
INSERT INTO leanings VALUES (8, 'upgrade', 0.71, '2026-05-01'), (10, 'upgrade', 0.12, '2026-06-01');
INSERT INTO text_numbers VALUES (1, '+1 415 555 0108', 8, '2026-02-15T10:00:00Z', NULL), (2, '+1 415 555 0177', NULL, '2026-02-16T10:00:00Z', '2026-04-16T10:00:00Z');
INSERT INTO text_log VALUES (1, 1, 'Lucia Ferrant, your code is waiting.', '2026-02-16T10:00:00Z'), (2, 1, 'New brushes today.', '2026-03-16T10:00:00Z'), (3, 2, 'New brushes today.', '2026-03-16T10:00:00Z');
INSERT INTO clicks VALUES
  (1, 8, 'dev-lucia-1', 'editor', '/help', NULL, NULL, NULL, '192.0.2.18', '2026-06-01T10:00:00Z'),
  (2, 8, 'dev-lucia-2', 'editor', NULL, NULL, NULL, NULL, '192.0.2.19', '2026-06-02T10:00:00Z'),
  (3, 1, 'dev-ruth-1', 'enclose', NULL, 'application/pdf', 9, 'Ruth Castellane - appraisal.pdf', '192.0.2.20', '2026-05-02T08:00:00Z'),   -- usage with a file name that names her
  (4, NULL, 'dev-passer-1', 'front page', '/prices', NULL, NULL, NULL, '192.0.2.21', '2026-05-02T09:00:00Z'),                         -- a visitor nobody knows
  (5, 10, 'dev-mirela-1', 'draw', NULL, NULL, NULL, NULL, '192.0.2.22', '2026-04-03T09:00:00Z'),
  (6, 10, 'dev-mirela-1', 'draw', NULL, NULL, NULL, NULL, '192.0.2.22', '2025-10-01T09:00:00Z');                                     -- older than thirteen months, although the device was used since
INSERT INTO device_pairs VALUES ('dev-lucia-1', 'dev-lucia-2', 8, '2026-06-02');
INSERT INTO ad_views VALUES (1, 'autumn', 8, '2026-09-01T10:00:00Z'), (2, 'spring', 10, '2026-04-01T10:00:00Z');
INSERT INTO campaign_totals VALUES ('autumn', 812, 4400), ('spring', 640, 3100);
INSERT INTO feature_totals VALUES ('editor', '2026-06', 36, 900), ('draw', '2026-06', 24, 120);
INSERT INTO contest_entries VALUES
  (1, 'mirela.tudose@lone-quill.example', 'Mirela Tudose', 'best drawing', 'A fountain', '2026-05-31'),
  (2, 'olga.prospekt@elsewhere.example', 'Olga Prospekt', 'best drawing', 'A bridge', '2026-05-31');
WITH RECURSIVE n(i) AS (SELECT 21 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO clicks SELECT 100 + i, i, 'dev-' || i, 'editor', '/page/' || i, NULL, NULL, NULL, '198.51.100.' || i, '2026-07-01T10:00:00Z' FROM n;
WITH RECURSIVE n(i) AS (SELECT 21 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO ad_views SELECT 100 + i, 'autumn', i, '2026-09-02T10:00:00Z' FROM n;
COMMIT;
