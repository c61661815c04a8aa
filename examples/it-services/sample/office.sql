-- Sample rows of the office database: firms, the people we deal with there, contracts, jobs, invoices, accounts.
-- The day of the sample is 2026-11-22. Nothing here depends on the clock or on chance.
PRAGMA foreign_keys = ON;

CREATE TABLE firms (
  firm_id          INTEGER PRIMARY KEY,
  trading_name     TEXT NOT NULL,
  country          TEXT NOT NULL,
  relation         TEXT NOT NULL CHECK (relation IN ('client', 'supplier')),
  home_contact     INTEGER NOT NULL DEFAULT 0,
  home_contact_why TEXT
);
CREATE TABLE contacts (
  contact_id   INTEGER PRIMARY KEY,
  firm_id      INTEGER NOT NULL REFERENCES firms (firm_id),
  display_name TEXT NOT NULL,
  office_address TEXT,
  office_phone   TEXT,
  email        TEXT UNIQUE,
  private_address TEXT,
  private_phone   TEXT,
  born_on      TEXT,
  came_from    TEXT NOT NULL CHECK (came_from IN ('self', 'client')),
  state        TEXT NOT NULL DEFAULT 'active'
);
CREATE INDEX contacts_firm ON contacts (firm_id);
CREATE TABLE contracts (
  contract_id INTEGER PRIMARY KEY,
  firm_id     INTEGER NOT NULL REFERENCES firms (firm_id),
  signed_by   INTEGER REFERENCES contacts (contact_id),
  began_on    TEXT NOT NULL,
  ends_on     TEXT NOT NULL,
  breached_on TEXT
);
CREATE INDEX contracts_signer ON contracts (signed_by);
CREATE TABLE jobs (
  job_id      INTEGER PRIMARY KEY,
  contract_id INTEGER NOT NULL REFERENCES contracts (contract_id),
  service     TEXT NOT NULL,
  led_by      INTEGER REFERENCES contacts (contact_id),
  status      TEXT NOT NULL
);
CREATE INDEX jobs_contract ON jobs (contract_id);
CREATE INDEX jobs_lead ON jobs (led_by);
CREATE TABLE invoices (
  invoice_id  INTEGER PRIMARY KEY,
  contract_id INTEGER NOT NULL REFERENCES contracts (contract_id),
  sent_by     INTEGER NOT NULL REFERENCES contacts (contact_id),
  number      TEXT NOT NULL UNIQUE,
  gross_pence INTEGER NOT NULL,
  issued_on   TEXT NOT NULL,
  paid_on     TEXT
);
CREATE INDEX invoices_sender ON invoices (sent_by);
CREATE INDEX invoices_contract ON invoices (contract_id);
CREATE TABLE payout_accounts (
  account_id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoices (invoice_id),
  holder     TEXT NOT NULL,
  iban       TEXT NOT NULL
);
CREATE INDEX payout_invoice ON payout_accounts (invoice_id);
CREATE TABLE disputes (
  dispute_id  INTEGER PRIMARY KEY,
  contract_id INTEGER NOT NULL REFERENCES contracts (contract_id),
  opened_on   TEXT NOT NULL,
  closed_on   TEXT
);
CREATE INDEX disputes_contract ON disputes (contract_id);

INSERT INTO firms VALUES
  (1, 'Bramble Court Dental',   'GB', 'client',   1, 'out-of-hours rota: engineers ring the duty partner at home'),
  (2, 'Alder Freight',          'GB', 'client',   0, NULL),
  (3, 'Ferrous Lane Supplies',  'GB', 'supplier', 0, NULL),
  (4, 'Kestrel Print Works',    'IE', 'supplier', 0, NULL),
  (5, 'Northmoor College',      'GB', 'client',   0, NULL),
  (6, 'Solent Kayaks',          'GB', 'client',   0, NULL),
  (7, 'Pinnock and Daughters',  'GB', 'client',   0, NULL),
  (8, 'Tern Cabling',           'GB', 'supplier', 0, NULL);

INSERT INTO contacts VALUES
  -- Home phone although home contact is not enabled for Alder Freight: must have been refused at the form.
  (1,  2, 'Imogen Tarrant',    '4 Quay Road, Hull HU1 0AA',        '+44 1482 550101', 'imogen.tarrant@alder-freight.example',     NULL, '+44 1482 550901', NULL, 'self', 'active'),
  -- A supplier with one paid and one open invoice: both invoices stay by law, the sessions and tickets go.
  (2,  3, 'Rafe Okonjo',       '77 Ferrous Lane, Derby DE1 0AA',   '+44 1332 550102', 'rafe.okonjo@ferrous-lane.example',         NULL, NULL, NULL, 'self', 'active'),
  -- An invoice of 2019 and its bank account are still here, beyond the six years.
  (3,  4, 'Odile Brandt',      '12 Print Yard, Cork T12 0AA',      '+353 21 550 0103', 'odile.brandt@kestrel-print.example',      NULL, NULL, NULL, 'self', 'active'),
  -- 17 years and 364 days old on 2026-11-22: one day too young.
  (4,  5, 'Perrin Achterberg', '1 College Green, Leeds LS1 0AA',   '+44 113 550 0104', 'perrin.achterberg@northmoor.example',     NULL, NULL, '2008-11-23', 'client', 'active'),
  -- Home contact is enabled for this client; contests the accuracy of the home phone.
  (5,  1, 'Salome Whitlock',   '9 Bramble Court, Bath BA1 0AA',    '+44 1225 550105', 'salome.whitlock@bramble-dental.example',   '31 Weir Cottages, Bath BA2 0AA', '+44 1225 550905', NULL, 'self', 'restricted'),
  -- The contract of Solent Kayaks ended, so retention falls due for these three; each is restricted for another reason.
  (6,  6, 'Dov Lindgren',      '2 Slipway, Gosport PO12 0AA',      '+44 23 9255 0106', 'dov.lindgren@solent-kayaks.example',      NULL, NULL, NULL, 'self', 'restricted'),
  (7,  6, 'Mairead Foss',      '2 Slipway, Gosport PO12 0AA',      '+44 23 9255 0107', 'mairead.foss@solent-kayaks.example',      NULL, NULL, NULL, 'self', 'restricted'),
  (8,  6, 'Teodor Valk',       '2 Slipway, Gosport PO12 0AA',      '+44 23 9255 0108', 'teodor.valk@solent-kayaks.example',       NULL, NULL, NULL, 'self', 'restricted'),
  -- Known only through a client: everything about her came from Pinnock and Daughters.
  (9,  7, 'Yusra Haddow',      '60 Chancery Walk, London EC4 0AA', NULL,               'yusra.haddow@pinnock.example',            NULL, NULL, NULL, 'client', 'active'),
  -- Asked for access twice; the first request came in on 30 January.
  (10, 2, 'Cosmo Jeffreys',    '4 Quay Road, Hull HU1 0AA',        '+44 1482 550110', 'cosmo.jeffreys@alder-freight.example',     NULL, NULL, NULL, 'self', 'active'),
  -- Asked on 31 January: thirty days end on 2 March, a calendar month on 28 February.
  (11, 2, 'Bryony Latch',      '4 Quay Road, Hull HU1 0AA',        '+44 1482 550111', 'bryony.latch@alder-freight.example',       NULL, NULL, NULL, 'self', 'active'),
  -- Complained about 13.
  (12, 7, 'Leopold Dunmore',   '60 Chancery Walk, London EC4 0AA', '+44 20 5550 0112', 'leopold.dunmore@pinnock.example',         NULL, NULL, '1971-05-02', 'self', 'active'),
  -- Complained about by 12; must not see who it was or read the words.
  (13, 7, 'Greta Sandoval',    '60 Chancery Walk, London EC4 0AA', '+44 20 5550 0113', 'greta.sandoval@pinnock.example',          NULL, NULL, NULL, 'self', 'active'),
  -- Signed a contract that was broken in 2019: claims under it ended in 2025.
  (14, 8, 'Hanne Villadsen',   '5 Tern Wharf, Poole BH15 0AA',     '+44 1202 550114', 'hanne.villadsen@tern-cabling.example',     NULL, NULL, NULL, 'self', 'active'),
  -- Signed a contract that ended in 2024 and is in dispute: it stays until 2030.
  (15, 6, 'Ewan Castellan',    '2 Slipway, Gosport PO12 0AA',      '+44 23 9255 0115', 'ewan.castellan@solent-kayaks.example',    NULL, NULL, NULL, 'self', 'active');

-- Forty ordinary people.
WITH RECURSIVE n (i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 140)
INSERT INTO contacts
SELECT i, 1 + i % 8, 'Person ' || substr('ABCDEFGHIJ', 1 + i % 10, 1) || i || ' Ordinary', i || ' Long Row, Reading RG1 0AA',
       '+44 118 496 0' || i, 'person' || i || '@firm' || (1 + i % 8) || '.example', NULL, NULL, NULL,
       CASE WHEN i % 5 = 0 THEN 'client' ELSE 'self' END, 'active'
FROM n;

INSERT INTO contracts VALUES
  (1, 1, 5,    '2023-04-01', '2027-03-31', NULL),
  (2, 2, 10,   '2024-01-01', '2026-12-31', NULL),
  (3, 3, 2,    '2025-01-01', '2027-12-31', NULL),
  (4, 4, 3,    '2018-01-01', '2019-12-31', NULL),
  (5, 5, 105,  '2025-09-01', '2027-08-31', NULL),
  (6, 6, 15,   '2022-01-01', '2024-06-30', '2024-05-10'),   -- in dispute
  (7, 7, 12,   '2024-07-01', '2028-06-30', NULL),
  (8, 8, 14,   '2018-03-01', '2019-09-30', '2019-09-12'),   -- broken in 2019, six years of limitation are over
  (9, 8, 112,  '2025-03-01', '2028-02-29', NULL);

INSERT INTO jobs VALUES
  (1, 1, 'remote support', 5, 'running'),
  (2, 2, 'remote support', 10, 'running'),
  (3, 2, 'web hosting', 11, 'running'),
  (4, 5, 'application hosting', 4, 'running'),
  (5, 6, 'remote support', 6, 'ended'),
  (6, 7, 'remote support', 12, 'running'),
  (7, 7, 'application hosting', 9, 'running'),
  (8, 3, 'hardware supply', 2, 'running'),
  (9, 9, 'network cabling', 112, 'running');

INSERT INTO invoices VALUES
  (1, 3, 2, 'FL-2211', 128400, '2026-02-27', '2026-03-20'),   -- paid
  (2, 3, 2, 'FL-2290',  49900, '2026-10-30', NULL),           -- open
  (3, 4, 3, 'KP-0817',  23000, '2019-06-14', '2019-07-01');   -- past its six years, and so is its account
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
INSERT INTO invoices
SELECT 100 + i, 9, 112, 'TC-' || (4000 + i), 10000 + 250 * i, date('2025-10-31', '+' || i || ' months'),
       CASE WHEN i < 12 THEN date('2025-11-20', '+' || i || ' months') END
FROM n;

INSERT INTO payout_accounts VALUES
  (1, 1, 'R Okonjo', 'GB00 TEST 0102 A'),
  (2, 2, 'R Okonjo', 'GB00 TEST 0102 A'),
  (3, 3, 'O Brandt', 'IE00 TEST 0103 A');
INSERT INTO payout_accounts
SELECT invoice_id, invoice_id, 'Tern Cabling', 'GB00 TEST 0888 A' FROM invoices WHERE invoice_id > 100;

INSERT INTO disputes VALUES
  (1, 6, '2024-05-20', NULL),            -- open: nothing of the contract may go
  (2, 8, '2019-10-01', '2020-02-11');    -- closed long ago
