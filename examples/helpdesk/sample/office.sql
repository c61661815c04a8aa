-- The back office: who pays, bills, card payments at the gateway, the firms that help us, what was handed over to whom, incidents.
PRAGMA foreign_keys = ON;

CREATE TABLE payers (
  id           INTEGER PRIMARY KEY,
  staff_no     INTEGER,                    -- the desk's number of the person
  workspace_no INTEGER NOT NULL,
  full_name    TEXT,
  address      TEXT,
  mailbox      TEXT
);
CREATE TABLE bills (
  id           INTEGER PRIMARY KEY,
  payer_id     INTEGER NOT NULL REFERENCES payers(id),
  number       TEXT NOT NULL UNIQUE,
  cents        INTEGER NOT NULL,
  issued_on    TEXT NOT NULL
);
CREATE INDEX bills_by_payer ON bills (payer_id);
CREATE TABLE card_payments (               -- the card itself is at the gateway; here are its token and last four digits
  id      INTEGER PRIMARY KEY,
  bill_id INTEGER NOT NULL REFERENCES bills(id),
  token   TEXT,
  last4   TEXT,
  cents   INTEGER NOT NULL,
  paid_on TEXT NOT NULL
);
CREATE INDEX card_payments_by_bill ON card_payments (bill_id);
CREATE TABLE helpers (
  id           INTEGER PRIMARY KEY,
  name         TEXT NOT NULL,
  job          TEXT NOT NULL,
  country      TEXT NOT NULL,
  agreed_from  TEXT NOT NULL,
  agreed_until TEXT,
  may_receive  TEXT NOT NULL
);
CREATE TABLE handovers (                   -- every disclosure, what for and what we got for it
  id          INTEGER PRIMARY KEY,
  helper_id   INTEGER REFERENCES helpers(id),
  receiver    TEXT,
  person_kind TEXT NOT NULL,
  person_id   INTEGER,
  what        TEXT NOT NULL,
  purpose     TEXT NOT NULL,
  in_return   TEXT NOT NULL DEFAULT 'none',
  reason      TEXT,
  approved_by TEXT,
  at          TEXT NOT NULL
);
CREATE INDEX handovers_by_person ON handovers (person_kind, person_id);
CREATE TABLE grievances (
  id          INTEGER PRIMARY KEY,
  person_kind TEXT NOT NULL,
  person_id   INTEGER,
  mailbox     TEXT,
  wording     TEXT,
  received_on TEXT NOT NULL,
  due_on      TEXT NOT NULL,
  answered_on TEXT,
  outcome     TEXT
);
CREATE INDEX grievances_by_person ON grievances (person_kind, person_id);
CREATE TABLE incidents (
  id            INTEGER PRIMARY KEY,
  found_at      TEXT NOT NULL,
  facts         TEXT NOT NULL,
  public_notice TEXT,                      -- yes, no; NULL: not decided, so the incident cannot be closed
  public_reason TEXT,
  closed_at     TEXT
);
CREATE TABLE incident_workspaces (
  incident_id  INTEGER NOT NULL REFERENCES incidents(id),
  workspace_no INTEGER NOT NULL,
  PRIMARY KEY (incident_id, workspace_no)
);

INSERT INTO payers VALUES
  (1, 1, 1, 'Henrietta Marlow', '12 Kiln Lane, Sonoma, CA 95476', 'henrietta@marlow-tile.example'),
  (2, 2, 2, 'Lucien Gaspard', '8 rue des Tanneurs, 69002 Lyon', 'lucien@gaspard-fils.example'),
  (3, 10, 3, 'Mirela Pine', '440 Ridge Road, Boise, ID 83702', 'mirela@pineridge.example'),
  (4, 8, 9, 'Isaura Saltmarsh', '6 Jetty Road, Portland, ME 04101', 'isaura@saltmarsh.example'),
  (5, 7, 10, 'Thandiwe Okonjo', '3 Wharf Street, Leeds LS2 7EQ', 'thandiwe@okonjo.example');

INSERT INTO bills VALUES
  -- Eight years old: the seven years of the tax law are over, so nothing keeps it.
  (1, 1, 'QB-2018-0007', 4900, '2018-05-02'),
  -- Ends on 2 May 2031.
  (2, 1, 'QB-2024-0101', 9900, '2024-05-02'),
  (3, 1, 'QB-2026-0412', 9900, '2026-05-02'),
  -- Issued on 29 February: seven years later there is none.
  (4, 3, 'QB-2024-0044', 19900, '2024-02-29'),
  (5, 2, 'QB-2025-0300', 4900, '2025-02-15'),
  -- Her paid months before she went back to the free plan.
  (6, 4, 'QB-2026-0777', 2900, '2026-10-10'),
  (7, 5, 'QB-2025-0555', 2900, '2025-11-01');
INSERT INTO card_payments VALUES
  (1, 1, 'tok_9qf20018', '1881', 4900, '2018-05-03'),
  (2, 2, 'tok_9qf24101', '4242', 9900, '2024-05-03'),
  (3, 3, 'tok_9qf26412', '4242', 9900, '2026-05-03'),
  (4, 4, 'tok_9qf24044', '0005', 19900, '2024-03-01'),
  (5, 5, 'tok_9qf25300', '1117', 4900, '2025-02-16'),
  (6, 6, 'tok_9qf26777', '3222', 2900, '2026-10-11');

INSERT INTO helpers VALUES
  (1, 'Cirrus Yard Hosting',     'hosting',             'US', '2021-09-01', '2027-08-31', 'all, encrypted'),
  (2, 'Tollgate Payments',       'card payments',       'US', '2021-09-01', '2027-08-31', 'card, amount'),
  (3, 'Heron Mail Delivery',     'mail and push',       'US', '2021-10-01', '2027-09-30', 'address, name, text'),
  (4, 'Metricfold Analytics',    'counting page views', 'US', '2021-10-01', '2027-09-30', 'cookie, page, time'),
  (5, 'Bright Orchard Campaigns', 'campaigns for us',   'US', '2022-01-10', '2028-01-09', 'address, name'),
  -- Its agreement ran out: nothing may flow to it until it is renewed.
  (6, 'Patchwell Debugging',     'fault analysis',      'US', '2021-11-01', '2026-10-31', 'device, fault');
INSERT INTO handovers VALUES
  (1, 2, NULL, 'customer', 1, 'card', 'payments', 'none', NULL, NULL, '2026-05-03T00:00:00Z'),
  (2, 5, NULL, 'customer', 1, 'address', 'campaign', 'none', NULL, NULL, '2026-08-14T00:00:00Z'),
  (3, NULL, 'Superior Court of Toledo', 'customer', 5, 'case texts', 'legal_duty', 'none', 'Order 26-cv-01177 against Rosalind Brandt''s firm', 'general counsel', '2026-03-02T00:00:00Z'),
  (4, 3, NULL, 'end_user', 5, 'address', 'service', 'none', NULL, NULL, '2025-07-01T12:01:00Z');
INSERT INTO grievances VALUES
  (1, 'end_user', 5, 'ivo@brandt.example', 'Two bills, and nobody answers. Ivo Brandt', '2026-05-10', '2026-06-10', '2026-05-20', 'answered, bill withdrawn'),
  -- Due in two days, not answered yet.
  (2, 'customer', 6, 'cornelius@dunmore.example', 'Why do you still write to me?', '2026-10-24', '2026-11-24', NULL, NULL);
INSERT INTO incidents VALUES
  (1, '2026-07-01T06:00:00Z', 'A key of the export service was copied from a laptop.', 'yes', 'Customers of three workspaces may have been read.', '2026-07-20T00:00:00Z'),
  -- Nobody has decided yet whether the public is told: this one cannot be closed.
  (2, '2026-11-15T06:00:00Z', 'Guessed passwords on one workspace.', NULL, NULL, NULL);
INSERT INTO incident_workspaces VALUES (1, 2), (1, 4), (1, 10), (2, 12);
