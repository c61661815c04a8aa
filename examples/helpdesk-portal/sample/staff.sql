-- Personnel: colleagues, those who applied, and their papers. Only the people team reads it. Nobody in it exists.

PRAGMA foreign_keys = ON;

CREATE TABLE colleagues (
  no           INTEGER PRIMARY KEY,
  full_name    TEXT NOT NULL,
  email        TEXT NOT NULL UNIQUE,
  home_address TEXT,
  phone        TEXT,
  bank_account TEXT,
  born_on      TEXT,
  job          TEXT,
  hired_on     TEXT,
  left_on      TEXT
);
CREATE TABLE candidates (
  no        INTEGER PRIMARY KEY,
  full_name TEXT,
  email     TEXT,
  phone     TEXT,
  added_on  TEXT NOT NULL
);
CREATE TABLE applications (
  no           INTEGER PRIMARY KEY,
  candidate_no INTEGER NOT NULL REFERENCES candidates(no),
  vacancy      TEXT NOT NULL,
  cv_text      TEXT,
  letter       TEXT,
  received_on  TEXT NOT NULL,
  decided_on   TEXT
);
CREATE TABLE panels (
  vacancy      TEXT NOT NULL,
  colleague_no INTEGER NOT NULL REFERENCES colleagues(no),
  PRIMARY KEY (vacancy, colleague_no)
);
CREATE TABLE assessments (
  no             INTEGER PRIMARY KEY,
  application_no INTEGER NOT NULL REFERENCES applications(no),
  assessor_no    INTEGER REFERENCES colleagues(no),
  referee_name   TEXT,
  referee_words  TEXT,
  remark         TEXT,
  written_on     TEXT NOT NULL
);
CREATE TABLE staff_papers (
  no           INTEGER PRIMARY KEY,
  colleague_no INTEGER NOT NULL REFERENCES colleagues(no),
  kind         TEXT NOT NULL CHECK (kind IN ('contract', 'payroll', 'review', 'absence')),
  wording      TEXT NOT NULL,
  counts_from  TEXT NOT NULL
);

INSERT INTO colleagues VALUES
  (1, 'Philippa Rudd',  'philippa.rudd@larkfield-desk.example',  '2 Canal Row, London',    '+44 20 7946 0901', 'GB00EXMP0001', '1979-05-05', 'head of people', '2017-02-01', NULL),
  (2, 'Anton Vesely',   'anton.vesely@larkfield-desk.example',   '31 Foundry St, London',  '+44 20 7946 0902', 'GB00EXMP0002', '1988-08-18', 'engineering lead', '2019-09-02', NULL),
  -- 3: left last year; payroll papers must stay, reviews need not.
  (3, 'Bernard Oakes',  'bernard.oakes@homefire.example',        '9 Sluice Lane, Reading', '+44 118 555 0903', 'GB00EXMP0003', '1971-12-01', NULL, '2018-04-03', '2025-06-30'),
  -- 4: left nine years ago: no law asks for anything of hers any more.
  (4, 'Lavinia Stote',  'lavinia.stote@homefire.example',        '77 Orchard Rd, Luton',   NULL,               NULL,           NULL,         NULL, '2014-01-06', '2017-01-31'),
  -- 5: applied with the same private address that stands here now (candidate 3).
  (5, 'Kezia Amankwah', 'kezia.amankwah@homefire.example',       '12 Lock St, London',     '+44 20 7946 0905', 'GB00EXMP0005', '1995-03-09', 'support', '2025-02-03', NULL);
INSERT INTO candidates VALUES
  (1, 'Amara Nwosu',    'amara.nwosu@homefire.example',    '+44 161 555 0911', '2026-09-14'),   -- names a referee, who is quoted in the notes
  (2, 'Stellan Brook',  'stellan.brook@homefire.example',  NULL,               '2026-09-15'),   -- same vacancy; compared with 1 in a remark
  (3, 'Kezia Amankwah', 'Kezia.Amankwah@homefire.example', '+44 20 7946 0905', '2024-11-20');   -- was hired: colleague 5
INSERT INTO applications VALUES
  (1, 1, 'support-2026-3', 'Amara Nwosu. Five years at a help desk. Referee: Prof. Giles Thackeray, giles.thackeray@stonebridge.example', 'I would like to work with you.', '2026-09-14', NULL),
  (2, 2, 'support-2026-3', 'Stellan Brook. Two years in a shop.', NULL, '2026-09-15', '2026-10-20'),
  (3, 3, 'support-2024-1', 'Kezia Amankwah. Help desk of a hospital.', 'Please see my CV.', '2024-11-20', '2025-01-10');
INSERT INTO panels VALUES ('support-2026-3', 2), ('support-2026-3', 5), ('support-2024-1', 1);
INSERT INTO assessments VALUES
  (1, 1, 2, 'Giles Thackeray', 'A patient listener.', 'Strong, calmer than the others. Amara Nwosu should meet the team.', '2026-10-02'),
  (2, 2, 2, NULL, NULL, 'Good, though Amara Nwosu has more practice.', '2026-10-03'),                       -- names another candidate
  (3, 3, 1, NULL, NULL, 'Hire.', '2025-01-08');
INSERT INTO staff_papers VALUES
  (1, 3, 'payroll',  'Pay slip June 2025, Bernard Oakes', '2026-04-05'),       -- the end of the tax year, from which the three years count
  (2, 3, 'payroll',  'Pay slip June 2021, Bernard Oakes', '2022-04-05'),       -- three years are over
  (3, 3, 'contract', 'Contract of employment of Bernard Oakes', '2025-06-30'),  -- six years from the day he left
  (4, 3, 'review',   'Yearly talk 2024, Bernard Oakes', '2024-12-10'),         -- no law: goes
  (5, 4, 'contract', 'Contract of employment of Lavinia Stote', '2017-01-31'), -- six years are over
  (6, 5, 'absence',  'Two days in March', '2026-03-12'),
  (7, 1, 'payroll',  'Pay slip October 2026, Philippa Rudd', '2027-04-05');
