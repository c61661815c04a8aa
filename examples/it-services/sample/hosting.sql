-- Sample rows of the hosting platform: applications run for clients, their accounts and content, logs, and our own web site.
PRAGMA foreign_keys = ON;

CREATE TABLE applications (
  app_id  INTEGER PRIMARY KEY,
  firm_id INTEGER NOT NULL,
  name    TEXT NOT NULL,
  region  TEXT NOT NULL
);
CREATE TABLE app_accounts (
  account_id INTEGER PRIMARY KEY,
  firm_id    INTEGER NOT NULL,
  app_id     INTEGER NOT NULL REFERENCES applications (app_id),
  email      TEXT,
  full_name  TEXT,
  state      TEXT NOT NULL DEFAULT 'active',
  UNIQUE (firm_id, email)
);
CREATE INDEX accounts_app ON app_accounts (app_id);
CREATE TABLE app_records (
  record_id  INTEGER PRIMARY KEY,
  app_id     INTEGER NOT NULL REFERENCES applications (app_id),
  account_id INTEGER NOT NULL REFERENCES app_accounts (account_id),
  payload    TEXT NOT NULL,
  at         TEXT NOT NULL
);
CREATE INDEX records_account ON app_records (account_id);
CREATE TABLE app_log (
  line_id        INTEGER PRIMARY KEY,
  app_id         INTEGER NOT NULL REFERENCES applications (app_id),
  account_id     INTEGER REFERENCES app_accounts (account_id),
  remote_address TEXT,
  path           TEXT,
  logged_at      TEXT NOT NULL
);
CREATE INDEX log_account ON app_log (account_id);
CREATE TABLE openings (
  opening_id INTEGER PRIMARY KEY,
  record_id  INTEGER NOT NULL REFERENCES app_records (record_id),
  opened_by  INTEGER,
  ticket_id  INTEGER,
  why        TEXT NOT NULL,
  at         TEXT NOT NULL
);
CREATE INDEX openings_record ON openings (record_id);
CREATE INDEX openings_tech ON openings (opened_by);
CREATE TABLE browsers (
  cookie_id  TEXT PRIMARY KEY,
  choice     TEXT,
  choice_at  TEXT,
  state      TEXT NOT NULL DEFAULT 'active'
);
CREATE TABLE site_visits (
  visit_id       INTEGER PRIMARY KEY,
  cookie_id      TEXT NOT NULL REFERENCES browsers (cookie_id),
  remote_address TEXT,
  agent          TEXT,
  path           TEXT,
  seen_at        TEXT NOT NULL
);
CREATE INDEX visits_browser ON site_visits (cookie_id);

INSERT INTO applications VALUES
  (1, 5, 'Course planner', 'eu-west'),
  (2, 7, 'Case files', 'uk-south'),
  (3, 1, 'Appointments', 'uk-south');

INSERT INTO app_accounts (account_id, firm_id, app_id, email, full_name) VALUES
  -- Health text in client content: special category, held only on the client's behalf.
  (1, 1, 3, 'marguerite.ashdown@mailbox.example', 'Marguerite Ashdown'),
  -- The same address with another client: another controller's person.
  (2, 7, 2, 'marguerite.ashdown@mailbox.example', 'Marguerite Ashdown'),
  (3, 5, 1, 'lecturer.one@northmoor.example', 'Lecturer One');
WITH RECURSIVE n (i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
INSERT INTO app_accounts (account_id, firm_id, app_id, email, full_name)
SELECT i, CASE i % 3 WHEN 0 THEN 5 WHEN 1 THEN 7 ELSE 1 END, 1 + i % 3, 'user' || i || '@mailbox.example', 'App User ' || i FROM n;

INSERT INTO app_records VALUES
  (1, 3, 1, 'Allergic to penicillin, says Marguerite Ashdown; asks for a calm room', '2026-04-03T10:00:00Z'),
  (2, 3, 1, 'Appointment moved to 17 April', '2026-04-10T12:00:00Z'),
  (3, 2, 2, 'Statement of Marguerite Ashdown, second draft', '2026-05-12T09:00:00Z'),
  (4, 1, 3, 'Timetable of the autumn term', '2026-07-01T09:00:00Z');
INSERT INTO app_records
SELECT account_id, app_id, account_id, 'Routine entry', '2026-06-01T09:00:00Z' FROM app_accounts WHERE account_id > 100;

INSERT INTO app_log VALUES
  (1, 3, 1, '192.0.2.41', '/appointments/17', '2026-04-10T11:59:00Z'),
  (2, 2, 2, '192.0.2.41', '/cases/3', '2026-05-12T08:58:00Z'),
  (3, 3, NULL, '192.0.2.99', '/login', '2026-05-13T02:11:00Z'),   -- nobody signed in: tied to no account
  (4, 1, 3, '192.0.2.77', '/plans/autumn', '2026-11-18T09:30:00Z');       -- younger than 180 days: an erasure leaves the address, and nobody's name on it
INSERT INTO app_log
SELECT account_id, app_id, account_id, '203.0.113.' || (account_id - 100), '/', '2026-06-01T09:00:00Z' FROM app_accounts WHERE account_id > 100;

INSERT INTO openings VALUES
  (1, 3, 3, 5,    'slow loading of case files', '2026-10-05T10:30:00Z'),
  (2, 1, 2, NULL, 'none given', '2026-07-19T22:04:00Z');              -- a technician's look without a ticket: a finding

INSERT INTO browsers (cookie_id, choice, choice_at) VALUES
  ('b-7f21c0', 'statistics', '2026-10-01T08:00:00Z'),
  ('b-99e4d1', NULL, NULL);                                              -- no choice made yet
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
INSERT INTO browsers (cookie_id, choice, choice_at)
SELECT 'b-0000' || (10 + i), 'necessary', '2026-09-0' || (1 + i % 9) || 'T10:00:00Z' FROM n;

INSERT INTO site_visits VALUES
  (1, 'b-7f21c0', '198.51.100.200', 'Firefox 131', '/services', '2026-10-01T08:00:05Z'),
  (2, 'b-7f21c0', '198.51.100.200', 'Firefox 131', '/contact',  '2026-10-01T08:02:40Z'),
  (3, 'b-99e4d1', '198.51.100.201', 'Safari 18',   '/',         '2026-10-02T19:00:00Z');
INSERT INTO site_visits
SELECT 10 + row_number() OVER (ORDER BY cookie_id), cookie_id, '203.0.113.' || (99 + row_number() OVER (ORDER BY cookie_id)), 'Chrome 130', '/', '2026-09-10T10:00:00Z'
FROM browsers WHERE choice = 'necessary';
