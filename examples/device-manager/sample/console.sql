-- The console: machines of customers, who holds them, and what they report. Every date is fixed; today is 2026-11-22.
PRAGMA foreign_keys = ON;
BEGIN;

CREATE TABLE group_companies (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL,
  owned_by INTEGER REFERENCES group_companies(id), left_group_on TEXT);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL,
  contracted_with INTEGER NOT NULL REFERENCES group_companies(id), privacy_mailbox TEXT);

CREATE TABLE people (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id),
  full_name TEXT, email TEXT, phone TEXT, job_title TEXT, origin TEXT NOT NULL, origin_at TEXT NOT NULL);

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people(id),
  login TEXT, console_role TEXT NOT NULL, created_at TEXT NOT NULL);

CREATE TABLE portraits (
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id),
  rendition TEXT NOT NULL, sha256 TEXT, picture BLOB);

CREATE TABLE machines (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), hardware_id TEXT NOT NULL,
  name TEXT, model TEXT NOT NULL, system_version TEXT NOT NULL, serial TEXT NOT NULL UNIQUE, asset_tag TEXT,
  enrolled_on TEXT NOT NULL, missing INTEGER NOT NULL DEFAULT 0);

-- A spell is the time in which one person holds one machine. Whatever a machine reports carries the spell in which it was reported.
CREATE TABLE spells (
  id INTEGER PRIMARY KEY, machine_id INTEGER NOT NULL REFERENCES machines(id),
  person_id INTEGER NOT NULL REFERENCES people(id), begins TEXT NOT NULL, ends TEXT);

CREATE TABLE installed_apps (
  machine_id INTEGER NOT NULL REFERENCES machines(id), app TEXT NOT NULL, version TEXT NOT NULL, modified_on TEXT NOT NULL,
  spell_id INTEGER REFERENCES spells(id), PRIMARY KEY (machine_id, app));

CREATE TABLE machine_events (
  id INTEGER PRIMARY KEY, machine_id INTEGER NOT NULL REFERENCES machines(id), spell_id INTEGER REFERENCES spells(id),
  kind TEXT NOT NULL, detail TEXT, at TEXT NOT NULL);

CREATE TABLE checkins (
  id INTEGER PRIMARY KEY, machine_id INTEGER NOT NULL REFERENCES machines(id), spell_id INTEGER REFERENCES spells(id),
  ip TEXT, seconds_since_boot INTEGER, at TEXT NOT NULL);

-- `folder_of`: whose home folder the path runs through; the holder where it is nobody's in particular.
CREATE TABLE seen_paths (
  id INTEGER PRIMARY KEY, spell_id INTEGER NOT NULL REFERENCES spells(id), folder_of INTEGER REFERENCES people(id),
  path TEXT, file_name TEXT, seen_at TEXT NOT NULL);

CREATE TABLE store_downloads (
  id INTEGER PRIMARY KEY, spell_id INTEGER NOT NULL REFERENCES spells(id), app TEXT NOT NULL, at TEXT NOT NULL);

CREATE TABLE custom_fields (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), name TEXT NOT NULL, holds TEXT NOT NULL);

CREATE TABLE custom_values (
  field_id INTEGER NOT NULL REFERENCES custom_fields(id), machine_id INTEGER NOT NULL REFERENCES machines(id),
  spell_id INTEGER REFERENCES spells(id), value TEXT, PRIMARY KEY (field_id, machine_id));

CREATE INDEX people_email ON people(email);
CREATE INDEX accounts_person ON accounts(person_id);
CREATE INDEX accounts_login ON accounts(login);
CREATE INDEX portraits_account ON portraits(account_id);
CREATE INDEX spells_person ON spells(person_id);
CREATE INDEX spells_machine ON spells(machine_id);
CREATE INDEX installed_apps_spell ON installed_apps(spell_id);
CREATE INDEX machine_events_spell ON machine_events(spell_id);
CREATE INDEX checkins_spell ON checkins(spell_id);
CREATE INDEX seen_paths_spell ON seen_paths(spell_id);
CREATE INDEX seen_paths_folder ON seen_paths(folder_of);
CREATE INDEX store_downloads_spell ON store_downloads(spell_id);
CREATE INDEX custom_values_spell ON custom_values(spell_id);

INSERT INTO group_companies VALUES
  (1, 'Quillmoor, Inc.',                'US', NULL, NULL),
  (2, 'Quillmoor UK Limited',           'GB', 1,    NULL),
  (3, 'Quillmoor Singapore Pte. Ltd.',  'SG', 1,    NULL),
  (4, 'Quillmoor Australia Pty Ltd',    'AU', 1,    NULL),
  (5, 'Quillmoor Classroom Kft.',       'HU', 1,    '2026-03-31');  -- sold: from that day on it is a stranger (DIS-01)

INSERT INTO customers VALUES
  (1, 'Brightwater Freight GmbH', 'DE', 2, 'datenschutz@brightwater-freight.example'),
  (2, 'Calder and Finch LLP',     'GB', 2, 'privacy@calder-finch.example'),
  (3, 'Solano Orchards, Inc.',    'US', 1, NULL),   -- no privacy mailbox: requests of its people go to a person of ours, not into silence
  (4, 'Harbour Light Clinics',    'AU', 4, 'privacy@harbourlight.example');

INSERT INTO people VALUES
  -- 1 and 2 held the same laptop one after the other
  (1, 1, 'Priya Raman',    'priya.raman@brightwater-freight.example', '+49 30 5550 1101', 'Dispatcher',       'employer', '2025-01-10'),
  (2, 1, 'Otto Brandt',    'otto.brandt@brightwater-freight.example', '+49 30 5550 1102', 'Fleet planner',    'employer', '2025-01-10'),
  -- 3 works for the customer that named no privacy mailbox
  (3, 3, 'Ines Halloran',  'ines.halloran@solano-orchards.example',   '+1 707 555 0103',  'Orchard manager',  'employer', '2025-06-02'),
  -- 4 and 5 are one address under two customers, so two persons for us
  (4, 1, 'Lena Osei',      'lena.osei@freelance.example',             '+49 30 5550 1104', 'Contractor',       'employer', '2025-09-01'),
  (5, 2, 'Lena Osei',      'lena.osei@freelance.example',             '+44 20 7946 0105', 'Contractor',       'employer', '2026-02-01'),
  -- 6 administers the console of customer 2, holds no machine, and gave us the portrait
  (6, 2, 'Tomas Vesely',   'tomas.vesely@calder-finch.example',       '+44 20 7946 0106', 'IT administrator', 'self',     '2025-03-03');

-- Ordinary people: 101 to 140, ten for each customer.
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40),
first(i, w) AS (VALUES (0,'Aino'),(1,'Bram'),(2,'Chidi'),(3,'Dora'),(4,'Emre'),(5,'Farah'),(6,'Goran'),(7,'Hana')),
last(i, w) AS (VALUES (0,'Abara'),(1,'Birch'),(2,'Costa'),(3,'Dahl'),(4,'Eklund'))
INSERT INTO people
SELECT 100 + n.i, 1 + (n.i - 1) / 10, first.w || ' ' || last.w,
       lower(first.w) || '.' || lower(last.w) || '@staff' || (1 + (n.i - 1) / 10) || '.example',
       '+44 20 7946 0' || (500 + n.i), CASE n.i % 3 WHEN 0 THEN 'Clerk' WHEN 1 THEN 'Nurse' ELSE 'Engineer' END,
       'employer', '2025-0' || (1 + n.i % 9) || '-15'
FROM n JOIN first ON first.i = (n.i - 1) % 8 JOIN last ON last.i = (n.i - 1) / 8;

INSERT INTO accounts VALUES
  (1, 1, 'priya.raman',   'user',          '2025-01-10'),
  (2, 2, 'otto.brandt',   'user',          '2025-01-10'),
  (3, 3, 'ines.halloran', 'user',          '2025-06-02'),
  (6, 6, 'tomas.vesely',  'administrator', '2025-03-03');
INSERT INTO accounts SELECT id, id, replace(lower(full_name), ' ', '.'), 'user', origin_at FROM people WHERE id > 100;

-- The picture, its thumbnail and the copy of the page cache: all three have to go with the account.
INSERT INTO portraits VALUES
  (1, 6, 'original',  '6f1c0a', x'89504E470001'),
  (2, 6, 'thumbnail', '6f1c0b', x'89504E470002'),
  (3, 6, 'cache',     '6f1c0c', x'89504E470003');

INSERT INTO machines VALUES
  (1, 1, 'hw-0001', 'priya.raman laptop', 'Notebook 14', '15.2', 'QM1A2B3C01', 'BW-0001', '2025-01-12', 0),  -- changed hands; still called after its first holder
  (2, 1, 'hw-0002', 'Spare laptop',       'Notebook 14', '15.2', 'QM1A2B3C02', 'BW-0002', '2025-01-12', 0),  -- in stock: nobody holds it, in scope all the same
  (3, 3, 'hw-0003', 'Orchard tablet',     'Tablet 11',   '18.1', 'QM1A2B3C03', NULL,      '2025-06-03', 1),  -- reported missing by its holder
  (4, 1, 'hw-0004', 'Loan phone',         'Phone 6',     '18.0', 'QM1A2B3C04', 'BW-0004', '2025-09-02', 0),
  (5, 2, 'hw-0005', 'Loan notebook',      'Notebook 16', '15.1', 'QM1A2B3C05', 'CF-0005', '2026-02-02', 0);
INSERT INTO machines
SELECT id, customer_id, 'hw-' || id, 'Machine ' || id, 'Notebook 14', '15.2', 'QMORD' || id, 'T-' || id, origin_at, 0 FROM people WHERE id > 100;

INSERT INTO spells VALUES
  (1, 1, 1, '2025-01-12T08:00:00Z', '2026-05-31T18:00:00Z'),
  (2, 1, 2, '2026-06-01T08:00:00Z', NULL),
  (3, 3, 3, '2025-06-03T08:00:00Z', NULL),
  (4, 4, 4, '2025-09-02T08:00:00Z', NULL),
  (5, 5, 5, '2026-02-02T08:00:00Z', NULL);
INSERT INTO spells SELECT id, id, id, origin_at || 'T09:00:00Z', NULL FROM people WHERE id > 100;

-- The list of the machine as it is now, so it is the second holder's.
INSERT INTO installed_apps VALUES
  (1, 'Route Planner', '4.2', '2026-06-02', 2),
  (1, 'Mail',          '9.1', '2026-06-01', 2),
  (2, 'Mail',          '9.1', '2025-01-12', NULL),
  (3, 'Crop Diary',    '2.0', '2026-03-04', 3);
INSERT INTO installed_apps SELECT id, 'Mail', '9.1', origin_at, id FROM people WHERE id > 100;

-- Events on both sides of the hand-over of machine 1: 1 to 3 are the first holder's, 4 and 5 the second's, 6 happened in between.
INSERT INTO machine_events VALUES
  (1, 1, 1,    'app_installed',  'Route Planner 4.1 for priya.raman', '2025-02-01T10:00:00Z'),
  (2, 1, 1,    'profile_pushed', 'Disk encryption',                   '2025-02-01T10:05:00Z'),
  (3, 1, 1,    'app_removed',    'Old Ledger 1.0',                    '2026-05-31T16:00:00Z'),
  (4, 1, 2,    'app_installed',  'Route Planner 4.2',                 '2026-06-02T09:00:00Z'),
  (5, 1, 2,    'profile_pushed', 'Screen lock',                       '2026-06-02T09:10:00Z'),
  (6, 1, NULL, 'wiped',          'Prepared for the next holder',      '2026-05-31T20:00:00Z'),
  (7, 3, 3,    'marked_missing', 'Left on a train',                   '2026-08-14T17:00:00Z');
INSERT INTO machine_events SELECT id, id, id, 'profile_pushed', 'Screen lock', '2026-01-05T08:00:00Z' FROM people WHERE id > 100;

INSERT INTO checkins VALUES
  (1, 1, 1,    '198.51.100.11', 86400, '2026-04-01T07:00:00Z'),
  (2, 1, 1,    '198.51.100.11', 3600,  '2026-05-02T07:00:00Z'),
  (3, 1, 2,    '198.51.100.12', 7200,  '2026-07-01T07:00:00Z'),
  (4, 2, NULL, '198.51.100.13', 60,    '2026-07-01T07:00:00Z'),
  (5, 3, 3,    '203.0.113.30',  500,   '2026-08-14T06:00:00Z');
INSERT INTO checkins SELECT id, id, id, '192.0.2.' || (id - 100), 3600, '2026-10-01T07:00:00Z' FROM people WHERE id > 100;

INSERT INTO seen_paths VALUES
  (1, 1, 1, '/Users/priya.raman/Documents', 'Rota April.pdf',   '2026-04-02T12:00:00Z'),
  (2, 1, 1, '/Applications',                'Route Planner',    '2026-04-02T12:00:00Z'),
  (3, 1, 2, '/Users/otto.brandt/Desktop',   'Otto holiday.pdf', '2026-05-20T12:00:00Z'),  -- on the machine of 1, and names 2
  (4, 2, 2, '/Users/otto.brandt/Documents', 'Plan June.pdf',    '2026-06-10T12:00:00Z'),
  (5, 3, 3, '/Users/ines.halloran/Photos',  'Orchard.heic',     '2026-06-10T12:00:00Z');

INSERT INTO store_downloads VALUES
  (1, 1, 'Timetable', '2025-03-01T10:00:00Z'),
  (2, 2, 'Timetable', '2026-06-03T10:00:00Z'),
  (3, 3, 'Crop Diary', '2026-03-04T10:00:00Z');

-- What a customer decides to record. We only know the category that the customer declared.
INSERT INTO custom_fields VALUES
  (1, 1, 'Staff number', 'user.content.customer_set'),
  (2, 3, 'Parking place', 'user.content.customer_set');
INSERT INTO custom_values VALUES
  (1, 1, 2, 'BF-77102'),
  (2, 3, 3, 'Row C, next to Ines Halloran');

-- Came last: while it is 1, nothing but storage is done with the data of this person.
ALTER TABLE people ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;

COMMIT;
