-- Sample rows of the support desk: technicians, tickets, remote sessions, machines in use, complaints.
-- `asked_by`, `used_by` and the like are numbers of contacts in the office database; no key can be declared across databases.
PRAGMA foreign_keys = ON;

CREATE TABLE technicians (
  tech_id   INTEGER PRIMARY KEY,
  full_name TEXT NOT NULL,
  email     TEXT NOT NULL UNIQUE,
  employer  TEXT,
  state     TEXT NOT NULL DEFAULT 'active'
);
CREATE TABLE tickets (
  ticket_id INTEGER PRIMARY KEY,
  job_id    INTEGER,
  asked_by  INTEGER NOT NULL,
  summary   TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  closed_at TEXT
);
CREATE INDEX tickets_asker ON tickets (asked_by);
CREATE TABLE ticket_notes (
  note_id    INTEGER PRIMARY KEY,
  ticket_id  INTEGER NOT NULL REFERENCES tickets (ticket_id),
  by_tech    INTEGER REFERENCES technicians (tech_id),
  by_contact INTEGER,
  body       TEXT NOT NULL,
  at         TEXT NOT NULL
);
CREATE INDEX notes_ticket ON ticket_notes (ticket_id);
CREATE INDEX notes_tech ON ticket_notes (by_tech);
CREATE INDEX notes_contact ON ticket_notes (by_contact);
CREATE TABLE remote_sessions (
  session_id       INTEGER PRIMARY KEY,
  ticket_id        INTEGER REFERENCES tickets (ticket_id),
  helped_by        INTEGER REFERENCES technicians (tech_id),
  person_helped    INTEGER NOT NULL,
  machine_name     TEXT,
  seen_address     TEXT,
  video_digest     TEXT,
  began_at         TEXT NOT NULL
);
CREATE INDEX sessions_ticket ON remote_sessions (ticket_id);
CREATE INDEX sessions_tech ON remote_sessions (helped_by);
CREATE INDEX sessions_person ON remote_sessions (person_helped);
CREATE TABLE machines (
  asset_tag TEXT PRIMARY KEY,
  firm_id   INTEGER NOT NULL,
  os        TEXT
);
CREATE TABLE machine_users (
  use_id    INTEGER PRIMARY KEY,
  asset_tag TEXT NOT NULL REFERENCES machines (asset_tag),
  used_by   INTEGER NOT NULL,
  hostname  TEXT,
  from_on   TEXT NOT NULL,
  until_on  TEXT
);
CREATE INDEX machine_users_person ON machine_users (used_by);
CREATE INDEX machine_users_machine ON machine_users (asset_tag);
CREATE TABLE complaints (
  complaint_id  INTEGER PRIMARY KEY,
  complainant   INTEGER NOT NULL,
  about_contact INTEGER,
  about_tech    INTEGER REFERENCES technicians (tech_id),
  body          TEXT NOT NULL,
  ground        TEXT CHECK (ground IN ('consent', 'legitimate_interests')),
  received_at   TEXT NOT NULL,
  outcome       TEXT
);
CREATE INDEX complaints_from ON complaints (complainant);
CREATE INDEX complaints_about ON complaints (about_contact);
CREATE INDEX complaints_tech ON complaints (about_tech);

INSERT INTO technicians VALUES
  (1, 'Nell Garraway',  'nell.garraway@stanmere.example',  'Stanmere IT Services Limited', 'active'),
  (2, 'Piers Adeyemi',  'piers.adeyemi@stanmere.example',  'Stanmere Service Desk Limited', 'active'),
  (3, 'Una Marchetti',  'una.marchetti@tern-cabling.example', 'Tern Cabling', 'active');   -- of a sub-contractor

INSERT INTO tickets VALUES
  (1, 8, 2,  'Rafe Okonjo cannot open the order portal', '2026-03-02T09:10:00Z', '2026-03-02T11:00:00Z'),
  (2, 6, 12, 'Printer on the second floor keeps dropping out', '2026-06-15T08:00:00Z', '2026-06-16T15:30:00Z'),
  (3, 6, 12, 'Laptop of Greta Sandoval needs a new disk', '2026-09-01T10:00:00Z', NULL),
  (4, 1, 5,  'Rota phone numbers are out of date', '2026-08-11T18:40:00Z', NULL),
  (5, 7, 9,  'Case files load slowly in the hosted application', '2026-10-05T09:00:00Z', NULL);
WITH RECURSIVE n (i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 140)
INSERT INTO tickets
SELECT i, 1 + i % 9, i, 'Routine question ' || i, date('2026-01-01', '+' || (i % 90) || ' days') || 'T09:00:00Z',
       date('2026-01-02', '+' || (i % 90) || ' days') || 'T09:00:00Z'
FROM n;

INSERT INTO ticket_notes VALUES
  (1, 1, 1, NULL, 'Reset the sign-in of Rafe Okonjo, sent the link to rafe.okonjo@ferrous-lane.example', '2026-03-02T09:40:00Z'),
  (2, 1, NULL, 2, 'Works again, thank you. Rafe Okonjo', '2026-03-02T10:55:00Z'),
  (3, 2, 2, NULL, 'New driver installed while Leopold Dunmore was on the line', '2026-06-15T09:00:00Z'),
  (4, 3, NULL, 12, 'Greta Sandoval (greta.sandoval@pinnock.example) is away until Monday', '2026-09-01T10:05:00Z'),
  (5, 3, NULL, 13, 'I am back; please ring Leopold Dunmore first', '2026-09-07T08:20:00Z'),   -- another contact writes in the ticket of 12
  (6, 4, 1, NULL, 'Waiting until the number of Salome Whitlock has been checked', '2026-08-12T09:00:00Z'),
  (7, 5, 3, NULL, 'Traced to the storage layer', '2026-10-05T11:00:00Z');
INSERT INTO ticket_notes
SELECT ticket_id, ticket_id, 1 + ticket_id % 3, NULL, 'Answered by telephone', opened_at FROM tickets WHERE ticket_id > 100;

INSERT INTO remote_sessions VALUES
  (1, 1, 1, 2,  'FL-OFFICE-3', '198.51.100.22', '1f0c5a6be2b54e0c', '2026-03-02T09:20:00Z'),
  (2, 2, 2, 12, 'PD-LT-014',   '198.51.100.71', '8a4471cc90d2e6b1', '2026-06-15T08:30:00Z'),
  -- The ticket is of 12, the screen that of 13: two people, one recording.
  (3, 3, 2, 13, 'PD-LT-020',   '198.51.100.72', 'c07e2fd1a9b34455', '2026-09-08T10:00:00Z'),
  (4, 4, 1, 5,  'BC-DESK-1',   '198.51.100.15', NULL,               '2026-08-12T09:10:00Z');
INSERT INTO remote_sessions
SELECT ticket_id, ticket_id, 1 + ticket_id % 2, asked_by, 'PC-' || ticket_id, '203.0.113.' || (ticket_id - 100), NULL, opened_at
FROM tickets WHERE ticket_id > 120;

INSERT INTO machines VALUES
  ('SM-0001', 7, 'Windows 11'), ('SM-0002', 7, 'Windows 11'), ('SM-0003', 1, 'macOS 15'), ('SM-0004', 3, 'Debian 12');
INSERT INTO machine_users VALUES
  -- One machine, two people after each other: each sees only their own time.
  (1, 'SM-0001', 12, 'PD-LT-014', '2024-07-01', '2025-12-31'),
  (2, 'SM-0001', 13, 'PD-LT-014', '2026-01-01', NULL),
  (3, 'SM-0002', 12, 'dunmore-spare', '2026-01-01', NULL),
  (4, 'SM-0003', 5,  'BC-DESK-1', '2023-05-01', NULL),
  (5, 'SM-0004', 2,  'FL-OFFICE-3', '2025-02-01', NULL);

INSERT INTO complaints VALUES
  -- Two contacts of one client: access of one must not show the other.
  (1, 12, 13, NULL, 'Greta Sandoval read my tickets. Leopold Dunmore', 'legitimate_interests', '2026-09-10T09:00:00Z', NULL),
  (2, 10, NULL, 2, 'Piers Adeyemi rang off while I was speaking', 'consent', '2026-05-04T16:00:00Z', 'apology sent');
