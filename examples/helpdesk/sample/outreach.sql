-- The site, the mail sender and everybody's choices: prospects, forms, browsers and their visits, mailings, consents.
-- person_kind and person_id say whose a row is: customer (desk staff), end_user (desk askers) or prospect (leads here).
PRAGMA foreign_keys = ON;

CREATE TABLE leads (
  id           INTEGER PRIMARY KEY,
  full_name    TEXT,
  email        TEXT UNIQUE,
  phone        TEXT,
  organisation TEXT,
  residence    TEXT,
  came_by      TEXT NOT NULL,
  standing     TEXT NOT NULL DEFAULT 'active',
  created_at   TEXT NOT NULL
);
CREATE TABLE form_entries (
  id             INTEGER PRIMARY KEY,
  form           TEXT NOT NULL,
  person_kind    TEXT NOT NULL,
  person_id      INTEGER,
  answers        TEXT,                     -- a JSON document
  notice_version TEXT,
  at             TEXT NOT NULL
);
CREATE INDEX form_entries_by_person ON form_entries (person_kind, person_id);
CREATE TABLE browsers (                    -- one cookie each; tied to somebody once they sign in
  cookie      TEXT PRIMARY KEY,
  region      TEXT NOT NULL,
  cookies_ok  TEXT NOT NULL,               -- yes, no, unasked
  signed_kind TEXT,
  signed_id   INTEGER,
  first_seen  TEXT NOT NULL,
  standing    TEXT NOT NULL DEFAULT 'active'
);
CREATE INDEX browsers_by_signed ON browsers (signed_kind, signed_id);
CREATE TABLE page_visits (
  id         INTEGER PRIMARY KEY,
  cookie     TEXT REFERENCES browsers(cookie),
  session_no TEXT,
  url        TEXT NOT NULL,
  ip         TEXT,
  os         TEXT,
  browser    TEXT,
  at         TEXT NOT NULL
);
CREATE INDEX page_visits_by_cookie ON page_visits (cookie);
CREATE TABLE mailings (
  id          INTEGER PRIMARY KEY,
  person_kind TEXT NOT NULL,
  person_id   INTEGER NOT NULL,
  template    TEXT NOT NULL,
  class       TEXT NOT NULL CHECK (class IN ('service', 'marketing')),
  channel     TEXT NOT NULL CHECK (channel IN ('email', 'in_app', 'push', 'post')),
  state       TEXT NOT NULL,
  at          TEXT NOT NULL
);
CREATE INDEX mailings_by_person ON mailings (person_kind, person_id);
CREATE TABLE mail_events (
  id         INTEGER PRIMARY KEY,
  mailing_id INTEGER NOT NULL REFERENCES mailings(id),
  kind       TEXT NOT NULL,                -- open and click (marketing only), bounce (any)
  at         TEXT NOT NULL
);
CREATE INDEX mail_events_by_mailing ON mail_events (mailing_id);
CREATE TABLE pixel_hits (
  id         INTEGER PRIMARY KEY,
  pixel      TEXT NOT NULL,
  mailing_id INTEGER REFERENCES mailings(id),
  cookie     TEXT REFERENCES browsers(cookie),
  ip         TEXT,
  url        TEXT,
  at         TEXT NOT NULL
);
CREATE INDEX pixel_hits_by_mailing ON pixel_hits (mailing_id);
CREATE INDEX pixel_hits_by_cookie ON pixel_hits (cookie);
CREATE TABLE choices (
  id             INTEGER PRIMARY KEY,
  person_kind    TEXT NOT NULL,            -- or visitor, with a cookie
  person_id      INTEGER,
  cookie         TEXT REFERENCES browsers(cookie),
  address        TEXT,                     -- the mailbox that the choice is about
  purpose        TEXT NOT NULL,
  how            TEXT NOT NULL,            -- explicit, by_submission, by_use
  granted        INTEGER NOT NULL,
  notice_version TEXT,
  at             TEXT NOT NULL
);
CREATE INDEX choices_by_person ON choices (person_kind, person_id);
CREATE INDEX choices_by_cookie ON choices (cookie);
CREATE TABLE breach_wishes (
  person_kind       TEXT NOT NULL,
  person_id         INTEGER NOT NULL,
  way               TEXT NOT NULL CHECK (way IN ('email', 'post')),
  e_mail_refused_on TEXT,
  PRIMARY KEY (person_kind, person_id)
);
CREATE TABLE feature_counts (              -- nobody can be found in these: cells under ten people are never written
  feature TEXT NOT NULL,
  week    TEXT NOT NULL,
  people  INTEGER NOT NULL CHECK (people >= 10),
  events  INTEGER NOT NULL,
  PRIMARY KEY (feature, week)
);

INSERT INTO leads (id, full_name, email, phone, organisation, residence, came_by, standing, created_at) VALUES
  -- Asked for a demonstration; her phone number may be used for that and for nothing else.
  (1, 'Perpetua Langholm', 'perpetua@langholm-mills.example', '+44 1387 555 0301', 'Langholm Mills', 'GB', 'self', 'active', '2026-09-09T10:00:00Z'),
  -- Refused marketing: after an erasure the refusal must still hold, without the address.
  (2, 'Alonzo Brightwater', 'alonzo@brightwater.example', '+1 303 555 0302', 'Brightwater Rafting', 'US-CO', 'self', 'active', '2026-02-02T10:00:00Z'),
  -- Named by a partner; has never been here herself.
  (3, 'Kestrel Oakes', 'kestrel@oakes-nursery.example', NULL, 'Oakes Nursery', 'US-CA', 'third_party', 'active', '2026-04-01T10:00:00Z'),
  -- Under a restriction: no job may read him.
  (4, 'Bertrand Ravel', 'bertrand@ravel-optique.example', NULL, 'Ravel Optique', 'FR', 'self', 'restricted', '2026-03-01T10:00:00Z');
WITH RECURSIVE n(i) AS (SELECT 21 UNION ALL SELECT i + 1 FROM n WHERE i < 45),
  first(k, word) AS (VALUES (0, 'Ione'), (1, 'Jasper'), (2, 'Kerensa'), (3, 'Lazlo'), (4, 'Minerva')),
  last(k, word)  AS (VALUES (0, 'Underhill'), (1, 'Vickery'), (2, 'Wolstenholme'), (3, 'Yarrow'), (4, 'Zellweger'))
INSERT INTO leads (id, full_name, email, phone, organisation, residence, came_by, created_at)
SELECT i, (SELECT word FROM first WHERE k = i % 5) || ' ' || (SELECT word FROM last WHERE k = i / 5 % 5), 'lead' || i || '@leads.example',
       '+1 720 555 ' || printf('%04d', 4000 + i), 'Firm no. ' || i, CASE i % 3 WHEN 0 THEN 'US-CA' WHEN 1 THEN 'DE' ELSE 'GB' END,
       CASE i % 6 WHEN 0 THEN 'third_party' ELSE 'self' END, '2026-05-' || printf('%02d', 1 + i % 28) || 'T10:00:00Z'
FROM n;

INSERT INTO form_entries (id, form, person_kind, person_id, answers, notice_version, at) VALUES
  (1, 'sign_up', 'customer', 1, '{"full_name":"Henrietta Marlow","email":"henrietta@marlow-tile.example","phone":"+1 707 555 0101","organisation":"Marlow Tile Works","billing_address":"12 Kiln Lane, Sonoma"}', '2022-03-31', '2024-05-02T09:00:00Z'),
  (2, 'sign_up', 'customer', 4, '{"full_name":"Ottilie Finch","email":"ottilie@velvetfinch.example","phone":"+1 775 555 0104","organisation":"Velvet Finch Studio","billing_address":"77 Alder Street, Reno"}', '2026-03-31', '2026-06-10T10:00:00Z'),
  (3, 'demo', 'prospect', 1, '{"full_name":"Perpetua Langholm","email":"perpetua@langholm-mills.example","phone":"+44 1387 555 0301","organisation":"Langholm Mills"}', '2026-03-31', '2026-09-09T10:00:00Z'),
  -- No version could be told: the entry is stored, but counts as no consent at all.
  (4, 'contact', 'prospect', 2, '{"full_name":"Alonzo Brightwater","email":"alonzo@brightwater.example","question":"Does it work offline?"}', NULL, '2026-02-02T10:00:00Z'),
  (5, 'sign_up', 'end_user', 5, '{"full_name":"Ivo Brandt","email":"ivo@brandt.example","phone":"+49 30 5550 0205","organisation":"(none)","billing_address":"(none)"}', '2022-03-31', '2025-07-01T12:00:00Z');
INSERT INTO form_entries (form, person_kind, person_id, answers, notice_version, at)
SELECT 'demo', 'prospect', id, '{"full_name":"' || full_name || '","email":"' || email || '"}', '2026-03-31', created_at FROM leads WHERE id >= 21 AND came_by = 'self';

INSERT INTO browsers (cookie, region, cookies_ok, signed_kind, signed_id, first_seen) VALUES
  ('ck-7f01', 'US', 'unasked', NULL, NULL, '2026-10-01T07:00:00Z'),               -- a visitor nobody knows
  ('ck-7f02', 'EU', 'no', NULL, NULL, '2026-10-02T07:00:00Z'),                    -- refused: nothing but the necessary one
  ('ck-a001', 'US', 'yes', 'customer', 1, '2026-08-01T07:00:00Z'),                -- two browsers of one administrator
  ('ck-a002', 'US', 'yes', 'customer', 1, '2026-09-01T07:00:00Z'),
  ('ck-b005', 'EU', 'yes', 'end_user', 5, '2026-05-01T07:00:00Z'),
  ('ck-p001', 'EU', 'yes', 'prospect', 1, '2026-09-09T09:50:00Z');
INSERT INTO browsers (cookie, region, cookies_ok, signed_kind, signed_id, first_seen)
SELECT 'ck-l' || id, CASE residence WHEN 'US-CA' THEN 'US' ELSE 'EU' END, 'yes', 'prospect', id, created_at FROM leads WHERE id >= 21;

INSERT INTO page_visits (cookie, session_no, url, ip, os, browser, at) VALUES
  ('ck-7f01', 's-1', '/pricing', '192.0.2.11', 'macOS 15', 'Safari 19', '2026-10-01T07:00:00Z'),
  ('ck-7f01', 's-1', '/features', '192.0.2.11', 'macOS 15', 'Safari 19', '2026-10-01T07:02:00Z'),
  (NULL, 's-2', '/pricing', '192.0.2.0', 'Linux', 'Firefox 145', '2026-10-02T07:00:00Z'),           -- no cookie, shortened address: leads to nobody
  ('ck-a001', 's-3', '/account', '198.51.100.2', 'Windows 11', 'Edge 142', '2026-08-01T07:00:00Z'),
  ('ck-a001', 's-3', '/account/billing', '198.51.100.2', 'Windows 11', 'Edge 142', '2026-08-01T07:05:00Z'),
  ('ck-a002', 's-4', '/guides/queues', '198.51.100.77', 'iOS 19', 'Safari 19', '2026-09-01T07:00:00Z'),
  ('ck-b005', 's-5', '/login', '203.0.113.5', 'Android 15', 'Chrome 142', '2026-05-01T07:00:00Z'),
  ('ck-p001', 's-6', '/demo', '192.0.2.31', 'Windows 11', 'Chrome 142', '2026-09-09T09:50:00Z');
INSERT INTO page_visits (cookie, session_no, url, ip, os, browser, at)
SELECT cookie, 's-' || cookie, '/features', '192.0.2.' || (100 + signed_id), 'Windows 11', 'Chrome 142', first_seen FROM browsers WHERE cookie LIKE 'ck-l%';

INSERT INTO mailings VALUES
  (1, 'customer', 1, 'welcome', 'service', 'email', 'sent', '2024-05-02T09:01:00Z'),
  (2, 'customer', 1, 'queue_guide', 'marketing', 'email', 'sent', '2026-08-15T09:00:00Z'),
  (3, 'customer', 1, 'planned_downtime', 'service', 'push', 'sent', '2026-09-20T09:00:00Z'),
  -- A breach notice to an administrator whose mailbox is full: it goes to the other administrator as well.
  (4, 'customer', 2, 'breach_notice', 'service', 'email', 'bounced', '2026-07-02T09:00:00Z'),
  (5, 'customer', 3, 'breach_notice', 'service', 'email', 'sent', '2026-07-02T09:30:00Z'),
  -- Opted out of marketing, and gets the link for a new password nevertheless.
  (6, 'customer', 6, 'password_reset', 'service', 'email', 'queued', '2026-11-22T06:00:00Z'),
  -- Wants a letter and has told no address: the letter waits, she is asked for the address.
  (7, 'customer', 7, 'breach_notice', 'service', 'post', 'waiting', '2026-07-02T09:00:00Z'),
  (8, 'customer', 7, 'ask_for_address', 'service', 'email', 'sent', '2026-07-02T09:01:00Z'),
  (9, 'prospect', 1, 'demo_date', 'service', 'email', 'sent', '2026-09-10T09:00:00Z'),
  -- The open of this one is known only through a pixel that knows only the mailing.
  (10, 'prospect', 2, 'new_services', 'marketing', 'email', 'sent', '2026-02-20T09:00:00Z'),
  (11, 'end_user', 1, 'case_answered', 'service', 'push', 'sent', '2026-09-01T09:00:00Z'),
  (12, 'end_user', 5, 'welcome', 'service', 'email', 'sent', '2025-07-01T12:01:00Z'),
  (13, 'customer', 5, 'order_received', 'service', 'email', 'sent', '2026-03-01T09:00:00Z'),
  (14, 'end_user', 2, 'case_answered', 'service', 'in_app', 'sent', '2026-08-20T09:00:00Z');
INSERT INTO mailings SELECT 100 + id, 'prospect', id, 'new_services', 'marketing', 'email', 'sent', '2026-06-15T09:00:00Z' FROM leads WHERE id >= 21 AND id % 2 = 0;

INSERT INTO mail_events (mailing_id, kind, at) VALUES
  (2, 'open', '2026-08-15T10:00:00Z'), (2, 'click', '2026-08-15T10:01:00Z'),
  (4, 'bounce', '2026-07-02T09:00:05Z'),
  (10, 'open', '2026-02-20T11:00:00Z');
INSERT INTO mail_events (mailing_id, kind, at) SELECT id, 'open', '2026-06-15T12:00:00Z' FROM mailings WHERE id > 100 AND id % 3 = 0;

INSERT INTO pixel_hits (pixel, mailing_id, cookie, ip, url, at) VALUES
  ('px-mail', 2, NULL, '198.51.100.2', NULL, '2026-08-15T10:00:00Z'),
  ('px-mail', 10, NULL, '192.0.2.44', NULL, '2026-02-20T11:00:00Z'),          -- no cookie, no person: only the mailing leads to him
  ('px-site', NULL, 'ck-a001', '198.51.100.2', '/account', '2026-08-01T07:00:00Z'),
  ('px-site', NULL, 'ck-7f01', '192.0.2.11', '/pricing', '2026-10-01T07:00:00Z'),
  ('px-site', NULL, NULL, '192.0.2.0', '/pricing', '2026-10-02T07:00:00Z');

INSERT INTO choices (person_kind, person_id, cookie, address, purpose, how, granted, notice_version, at) VALUES
  ('customer', 1, NULL, 'henrietta@marlow-tile.example', 'notice', 'by_submission', 1, '2022-03-31', '2024-05-02T09:00:00Z'),
  ('customer', 1, NULL, 'henrietta@marlow-tile.example', 'notice', 'by_use', 1, '2022-03-31', '2024-05-03T09:00:00Z'),
  ('customer', 1, NULL, 'henrietta@marlow-tile.example', 'marketing', 'explicit', 1, '2022-03-31', '2024-05-03T09:05:00Z'),
  ('customer', 6, NULL, 'cornelius@dunmore.example', 'marketing', 'explicit', 0, '2022-03-31', '2025-01-01T09:00:00Z'),
  ('prospect', 2, NULL, 'alonzo@brightwater.example', 'marketing', 'explicit', 1, '2022-03-31', '2026-02-02T10:00:00Z'),
  ('prospect', 2, NULL, 'alonzo@brightwater.example', 'marketing', 'explicit', 0, '2022-03-31', '2026-02-21T10:00:00Z'),
  ('customer', 5, NULL, 'rosalind@brassbolt.example', 'transfer', 'explicit', 1, '2022-03-31', '2025-10-01T10:00:00Z'),
  ('end_user', 5, NULL, 'ivo@brandt.example', 'transfer', 'by_submission', 1, '2022-03-31', '2025-07-01T12:00:00Z'),
  -- Refused breach notices by e-mail: letters only.
  ('end_user', 5, NULL, 'ivo@brandt.example', 'electronic_notice', 'explicit', 0, '2022-03-31', '2025-08-01T12:00:00Z'),
  ('visitor', NULL, 'ck-7f01', NULL, 'notice', 'by_use', 1, '2026-03-31', '2026-10-01T07:00:00Z'),
  ('visitor', NULL, 'ck-7f02', NULL, 'cookies', 'explicit', 0, '2026-03-31', '2026-10-02T07:00:01Z');
INSERT INTO choices (person_kind, person_id, address, purpose, how, granted, notice_version, at)
SELECT 'prospect', id, email, 'marketing', 'explicit', 1, '2026-03-31', created_at FROM leads WHERE id >= 21 AND id % 2 = 0;

INSERT INTO breach_wishes VALUES
  ('customer', 7, 'post', NULL),
  ('end_user', 5, 'post', '2025-08-01');

INSERT INTO feature_counts VALUES
  ('queues', '2026-W45', 41, 902), ('push', '2026-W45', 33, 510), ('guides', '2026-W45', 10, 12), ('queues', '2026-W46', 44, 951);
