-- The site: browsers, what they did, what their people chose. Today is 2026-11-22.
PRAGMA foreign_keys = ON;
BEGIN;

CREATE TABLE browsers (id TEXT PRIMARY KEY, country TEXT, known_email TEXT, first_seen TEXT NOT NULL);
CREATE TABLE page_views (
  id INTEGER PRIMARY KEY, browser_id TEXT NOT NULL REFERENCES browsers(id), technique TEXT NOT NULL, page TEXT NOT NULL, ip TEXT,
  seconds INTEGER, ad_reaction TEXT, gpc INTEGER NOT NULL, dnt INTEGER NOT NULL, at TEXT NOT NULL);
CREATE TABLE banner_choices (
  id INTEGER PRIMARY KEY, browser_id TEXT NOT NULL REFERENCES browsers(id), country TEXT, choice TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE signal_refusals (
  id INTEGER PRIMARY KEY, browser_id TEXT NOT NULL REFERENCES browsers(id), signal TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE stopped_calls (
  id INTEGER PRIMARY KEY, browser_id TEXT NOT NULL REFERENCES browsers(id), host TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE dropped_hits (day TEXT NOT NULL, country TEXT NOT NULL, why TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (day, country, why));

CREATE INDEX browsers_email ON browsers(known_email);
CREATE INDEX page_views_browser ON page_views(browser_id);
CREATE INDEX banner_choices_browser ON banner_choices(browser_id);
CREATE INDEX signal_refusals_browser ON signal_refusals(browser_id);
CREATE INDEX stopped_calls_browser ON stopped_calls(browser_id);

INSERT INTO browsers VALUES
  ('b-fr-1', 'FR', NULL, '2026-09-01T10:02:00Z'),                                  -- France: rows begin with the choice, not before
  ('b-yd-a', 'US', 'yusuf.demir@lanternworks.example', '2026-05-10T13:00:00Z'),    -- signal on
  ('b-yd-b', 'US', 'yusuf.demir@lanternworks.example', '2026-05-11T08:00:00Z'),    -- the same person, signal off
  ('b-xx-1', NULL, NULL, '2026-10-10T10:00:00Z'),                                  -- place unknown: treated as outside the United States
  ('b-de-1', 'DE', NULL, '2026-08-01T09:00:00Z');                                  -- agreed, then took it back
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
INSERT INTO browsers SELECT 'b-us-' || printf('%03d', i), 'US', NULL, '2026-07-01T00:00:00Z' FROM n;

INSERT INTO banner_choices VALUES
  (1, 'b-fr-1', 'FR', 'accept', '2026-09-01T10:02:00Z'),
  (2, 'b-xx-1', NULL, 'refuse', '2026-10-10T10:00:00Z'),
  (3, 'b-de-1', 'DE', 'accept', '2026-08-01T09:00:00Z'),
  (4, 'b-de-1', 'DE', 'revoke', '2026-08-03T09:00:00Z');

-- What came from France before the choice was not written: only how many.
INSERT INTO dropped_hits VALUES
  ('2026-09-01', 'FR', 'no choice yet', 2),
  ('2026-10-10', '??', 'refused', 4),
  ('2026-09-01', 'US', 'undeclared attribute scroll_heatmap', 7);

INSERT INTO page_views VALUES
  (1, 'b-fr-1', 'cookie', '/prices',  '192.0.2.31', 20, NULL, 0, 0, '2026-09-01T10:02:05Z'),
  (2, 'b-yd-a', 'cookie', '/demo',    '192.0.2.41', 90, NULL, 1, 1, '2026-05-10T13:00:00Z'),
  (3, 'b-yd-a', 'cookie', '/prices',  '192.0.2.41', 35, NULL, 1, 1, '2026-05-10T13:02:00Z'),
  (4, 'b-yd-b', 'cookie', '/phones',  '192.0.2.42', 15, 'clicked', 0, 0, '2026-05-11T08:00:00Z'),
  (5, 'b-de-1', 'cookie', '/console', '192.0.2.51', 12, NULL, 0, 0, '2026-08-02T09:00:00Z');
INSERT INTO page_views SELECT rowid + 100, id, 'cookie', '/prices', '203.0.113.' || rowid, 10, NULL, 0, 0, '2026-07-01T00:00:01Z' FROM browsers WHERE id LIKE 'b-us-%';

INSERT INTO signal_refusals VALUES (1, 'b-yd-a', 'gpc', '2026-05-10T13:00:00Z');

-- One advertising pixel was built into a page by mistake. The loader stopped it; had it gone out, `not shared` would be untrue.
INSERT INTO stopped_calls VALUES (1, 'b-yd-b', 'pixel.squarecrowd.example', 'recipient not allowed', '2026-05-11T08:00:01Z');

-- Came last: while it is 1, nothing but storage is done with the data of this person.
ALTER TABLE browsers ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;

COMMIT;
