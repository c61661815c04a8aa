-- The web site: which browser looked at which page. Nobody in it exists.

PRAGMA foreign_keys = ON;

CREATE TABLE browsers (
  cookie     TEXT PRIMARY KEY,
  person_no  INTEGER,                         -- people.no of the office database, once the visitor has signed in
  asks_dnt   INTEGER NOT NULL,
  first_seen TEXT NOT NULL
);
CREATE TABLE page_views (
  no          INTEGER PRIMARY KEY,
  cookie      TEXT NOT NULL REFERENCES browsers(cookie),
  ip          TEXT,
  browser     TEXT NOT NULL,
  device      TEXT NOT NULL,
  mail_domain TEXT,
  page        TEXT NOT NULL,
  seen_at     TEXT NOT NULL
);
CREATE TABLE places (
  no           INTEGER PRIMARY KEY,
  cookie       TEXT NOT NULL REFERENCES browsers(cookie),
  latitude     REAL NOT NULL,
  longitude    REAL NOT NULL,
  precision_km REAL NOT NULL,
  taken_at     TEXT NOT NULL
);
CREATE TABLE day_counts (
  day     TEXT NOT NULL,
  page    TEXT NOT NULL,
  browser TEXT NOT NULL,
  views   INTEGER NOT NULL,
  people  INTEGER NOT NULL,
  PRIMARY KEY (day, page, browser)
);

INSERT INTO browsers VALUES
  ('c-imogen',   1,    0, '2026-09-01'),
  ('c-leonie',   4,    0, '2026-10-01'),
  ('c-ottilie',  8,    0, '2026-10-28'),      -- the firm of one person
  ('c-dnt-on',   NULL, 1, '2026-11-02'),      -- asks not to be tracked; nothing follows from it
  ('c-dnt-off',  NULL, 0, '2026-11-02'),      -- the same visit without that wish
  ('c-imogen-2', 1,    1, '2026-11-10');      -- her telephone
INSERT INTO page_views VALUES
  (1, 'c-imogen',   '192.0.2.0',     'Fennec', 'laptop', 'northquay.example',          '/guides/export', '2026-09-01 08:00:00'),
  (2, 'c-imogen',   '192.0.2.0',     'Fennec', 'laptop', 'northquay.example',          '/prices',        '2026-10-12 08:00:00'),
  (3, 'c-leonie',   '198.51.100.0',  'Fennec', 'laptop', 'tessitura.example',          '/guides/news',   '2026-10-01 18:00:00'),
  (4, 'c-ottilie',  '203.0.113.0',   'Gecko',  'tablet', 'brandt-bookbinding.example', '/demo',          '2026-10-28 09:25:00'),  -- this domain is one woman: the row is personal
  (5, 'c-dnt-on',   '192.0.2.0',     'Fennec', 'phone',  NULL,                         '/prices',        '2026-11-02 12:00:00'),
  (6, 'c-dnt-off',  '192.0.2.0',     'Fennec', 'phone',  NULL,                         '/prices',        '2026-11-02 12:00:00'),
  (7, 'c-imogen-2', '203.0.113.77',  'Gecko',  'phone',  'northquay.example',          '/status',        '2026-11-21 07:50:00'),  -- two days old at most: the address is still whole
  (8, 'c-dnt-on',   '192.0.2.0',     'Fennec', 'phone',  NULL,                         '/demo',          '2026-11-02 12:05:00');
INSERT INTO places VALUES
  (1, 'c-imogen', 53.7, -0.3, 10.0, '2026-10-12 08:00:00'),
  (2, 'c-leonie', 43.9, 11.1, 10.0, '2026-10-01 18:00:00');

-- Ordinary browsers: forty, each with three pages; every fourth of a signed-in customer.
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
INSERT INTO browsers SELECT 'c-' || (100 + i), CASE WHEN i % 4 = 0 THEN 100 + i END, i % 2, date('2026-10-01', '+' || i || ' days') FROM n;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 119)
INSERT INTO page_views SELECT 1000 + i, 'c-' || (101 + i / 3), '198.51.100.0', CASE i % 2 WHEN 0 THEN 'Fennec' ELSE 'Gecko' END, 'laptop', NULL,
  CASE i % 3 WHEN 0 THEN '/prices' WHEN 1 THEN '/demo' ELSE '/guides' END, datetime('2026-10-02 08:00:00', '+' || (i / 3) || ' days') FROM n;
INSERT INTO day_counts VALUES
  ('2026-10-05', '/prices', 'Fennec', 214, 143), ('2026-10-05', '/prices', 'Gecko', 61, 40), ('2026-10-06', '/demo', 'Fennec', 77, 58);
