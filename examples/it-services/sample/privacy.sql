-- Sample rows of the privacy desk: requests, restrictions, disclosures to authorities, and three registers without people.
PRAGMA foreign_keys = ON;

CREATE TABLE request_cases (
  case_id     INTEGER PRIMARY KEY,
  asked_from  TEXT NOT NULL,
  kind        TEXT NOT NULL,
  received_on TEXT NOT NULL,
  due_on      TEXT NOT NULL,
  fee_pence   INTEGER NOT NULL DEFAULT 0,
  fee_ground  TEXT,
  ground_used TEXT,
  state       TEXT NOT NULL
);
CREATE INDEX cases_asker ON request_cases (asked_from);
CREATE TABLE restrictions (
  restriction_id INTEGER PRIMARY KEY,
  contact_id     INTEGER,
  field          TEXT NOT NULL,
  purpose        TEXT,
  ground         TEXT NOT NULL CHECK (ground IN ('accuracy', 'claims', 'unlawful', 'balance')),
  begins_on      TEXT NOT NULL,
  lifted_on      TEXT
);
CREATE INDEX restrictions_contact ON restrictions (contact_id);
CREATE TABLE authority_disclosures (
  disclosure_id  INTEGER PRIMARY KEY,
  asked_by       TEXT NOT NULL,
  power          TEXT,
  act_exemption  TEXT,
  extent         TEXT,
  contact_id     INTEGER,
  signed         INTEGER NOT NULL,
  telling_barred INTEGER NOT NULL DEFAULT 0,
  agreed_by      TEXT,
  asked_on       TEXT NOT NULL,
  handed_over_on TEXT
);
CREATE INDEX disclosures_contact ON authority_disclosures (contact_id);
CREATE TABLE provider_register (
  provider_id INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  kind        TEXT NOT NULL,
  region      TEXT,
  mechanism   TEXT,
  valid_until TEXT
);
CREATE TABLE certificate_register (
  scheme TEXT PRIMARY KEY,
  status TEXT NOT NULL,
  holds_from TEXT,
  holds_to   TEXT
);
CREATE TABLE holding_reviews (
  review_id    INTEGER PRIMARY KEY,
  store        TEXT NOT NULL,
  looked_at_on TEXT NOT NULL,
  outcome      TEXT,
  due_again_on TEXT
);

INSERT INTO request_cases VALUES
  (1, 'cosmo.jeffreys@alder-freight.example', 'access',       '2026-01-30', '2026-02-28', 0, NULL, NULL, 'answered'),      -- 30 January; the earlier of one month and thirty days
  (2, 'bryony.latch@alder-freight.example',   'access',       '2026-01-31', '2026-02-28', 0, NULL, NULL, 'answered'),      -- 31 January; thirty days alone would end on 2 March
  (3, 'cosmo.jeffreys@alder-freight.example', 'access',       '2026-02-06', '2026-03-06', 0, NULL, NULL, 'answered'),      -- asked again a week later: no fee, no refusal
  (4, 'nobody.known@elsewhere.example',       'confirmation', '2026-03-03', '2026-04-02', 0, NULL, NULL, 'answered no'),   -- somebody unknown
  (5, 'salome.whitlock@bramble-dental.example', 'restriction', '2026-08-11', '2026-09-10', 0, NULL, NULL, 'running'),
  (6, 'leopold.dunmore@pinnock.example',      'complaint',    '2026-09-10', '2026-10-10', 0, NULL, 'legitimate_interests', 'running'),
  (7, 'parent.of.perrin@mailbox.example',     'guardian',     '2026-11-21', '2026-11-22', 0, NULL, NULL, 'running');       -- a parent reports contact 4

INSERT INTO restrictions VALUES
  (1, 5, 'private_phone', NULL,         'accuracy', '2026-08-11', NULL),
  (2, 6, '*',          NULL,         'unlawful', '2026-03-01', NULL),      -- prefers restriction to erasure
  (3, 7, '*',          NULL,         'claims',   '2026-04-01', NULL),      -- needs the rows for a claim
  (4, 8, '*',          'monitoring', 'balance',  '2026-05-01', NULL);      -- objected; not decided yet

INSERT INTO authority_disclosures VALUES
  (1, 'Humberside Police',      'written request', 'Data Protection Act 2018, Schedule 2 paragraph 2', 'session log of one day', 10, 1, 0, 'head of legal', '2026-04-14', '2026-04-20'),
  (2, 'Humberside Police',      'written request', 'Data Protection Act 2018, Schedule 2 paragraph 2', 'contact record', 11, 0, 0, 'head of legal', '2026-05-02', NULL),   -- no signature: refused
  (3, 'A security authority',   'certificate',     'Data Protection Act 2018, section 26', 'contact record', 10, 1, 1, 'head of legal', '2026-06-01', '2026-06-02'),         -- the person may not be told
  (4, 'County Court at Leeds',  'court order',     'Data Protection Act 2018, Schedule 2 paragraph 5', 'account of one person', 15, 1, 0, 'head of legal', '2026-07-07', '2026-07-09');

INSERT INTO provider_register VALUES
  (1, 'Cloudmere Infrastructure', 'infrastructure', 'GB', 'none_needed', NULL),
  (2, 'Halyard Backup',           'backup',         'IE', 'adequacy', NULL),
  (3, 'Sable Metrics',            'analytics',      'US', 'standard_contractual_clauses', '2028-06-30'),
  (4, 'Monsoon Objects',          'storage',        'IN', NULL, NULL);       -- offered a region without mechanism: no data may go there
INSERT INTO certificate_register VALUES ('ISO/IEC 27001', 'applied_for', NULL, NULL);
INSERT INTO holding_reviews VALUES
  (1, 'office', '2026-05-04', 'keep',   '2027-05-04'),
  (2, 'desk',   '2025-06-02', 'reduce', '2026-06-02');                    -- overdue
