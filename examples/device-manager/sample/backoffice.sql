-- Staff, applicants, reception, and the privacy desk. Today is 2026-11-22.
PRAGMA foreign_keys = ON;
BEGIN;

CREATE TABLE staff (
  id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, phone TEXT, home_address TEXT, job_title TEXT, hired_on TEXT NOT NULL, left_on TEXT);
CREATE TABLE payslips (
  id INTEGER PRIMARY KEY, staff_id INTEGER NOT NULL REFERENCES staff(id), month TEXT NOT NULL, paid_on TEXT NOT NULL,
  gross_cents INTEGER NOT NULL, account_number TEXT);

CREATE TABLE applicants (
  id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, phone TEXT, birth_date TEXT, position TEXT NOT NULL, resume TEXT,
  refused_scoring INTEGER NOT NULL DEFAULT 0, decided_on TEXT);
CREATE TABLE applicant_scores (
  applicant_id INTEGER NOT NULL REFERENCES applicants(id), model TEXT NOT NULL, score REAL, at TEXT NOT NULL, PRIMARY KEY (applicant_id, model));
CREATE TABLE review_tasks (
  id INTEGER PRIMARY KEY, applicant_id INTEGER NOT NULL REFERENCES applicants(id), reviewer_id INTEGER REFERENCES staff(id), why TEXT NOT NULL, at TEXT NOT NULL);

CREATE TABLE visits (
  id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, phone TEXT, host_id INTEGER REFERENCES staff(id), at TEXT NOT NULL);

-- Letters, calls and forms to the privacy desk. `sender_is` says what the sender is to us, once that is known.
CREATE TABLE requests (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, channel TEXT NOT NULL, subject_line TEXT, sender_is TEXT, customer_no INTEGER,
  sender_name TEXT, sender_email TEXT, sender_phone TEXT, sender_address TEXT, state TEXT NOT NULL, received_at TEXT NOT NULL,
  acknowledged_at TEXT, confirmed_at TEXT, forwarded_to INTEGER);
CREATE TABLE agents_papers (
  id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES requests(id), agent_name TEXT, scope TEXT NOT NULL, signed_on TEXT,
  paper_sha256 TEXT, checked_by INTEGER REFERENCES staff(id));

CREATE INDEX staff_email ON staff(email);
CREATE INDEX payslips_staff ON payslips(staff_id);
CREATE INDEX applicants_email ON applicants(email);
CREATE INDEX review_tasks_applicant ON review_tasks(applicant_id);
CREATE INDEX review_tasks_reviewer ON review_tasks(reviewer_id);
CREATE INDEX visits_email ON visits(email);
CREATE INDEX visits_phone ON visits(phone);
CREATE INDEX visits_host ON visits(host_id);
CREATE INDEX requests_email ON requests(sender_email);
CREATE INDEX agents_papers_request ON agents_papers(request_id);
CREATE INDEX agents_papers_checker ON agents_papers(checked_by);

INSERT INTO staff VALUES
  (1, 'Rosalind Achterberg', 'rosalind.achterberg@quillmoor.example', '+1 415 555 0151', '31 Alder Court, Oakland, CA', 'Privacy counsel', '2021-06-01', NULL),
  (2, 'Ikaika Nakamura',     'ikaika.nakamura@quillmoor.example',     '+1 415 555 0152', '5 Tern Street, Alameda, CA', 'Recruiter', '2022-02-14', '2026-06-30'),  -- left: payslips stay under the wage law
  (3, 'Bea Lindgren',        'bea.lindgren@quillmoor.example',        '+1 415 555 0153', '12 Quay, San Francisco, CA', 'Receptionist', '2023-09-04', NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
INSERT INTO staff SELECT 100 + i, 'Colleague ' || char(64 + i) || '. Sample', 'colleague' || i || '@quillmoor.example', '+1 415 555 04' || printf('%02d', i),
       i || ' Hill Street', 'Engineer', '2024-01-15', NULL FROM n;
INSERT INTO payslips VALUES
  (1, 2, '2026-05', '2026-05-29', 640000, 'US-000-2201'),
  (2, 2, '2026-06', '2026-06-30', 640000, 'US-000-2201'),
  (3, 2, '2022-03', '2022-03-31', 600000, 'US-000-2201');   -- older than the wage law keeps: goes
INSERT INTO payslips SELECT id, id, '2026-10', '2026-10-30', 700000, 'US-000-' || id FROM staff WHERE id > 100;

INSERT INTO applicants VALUES
  -- 20 years old, refused the score: a person looks, and no score may exist
  (1, 'Femi Adeyemi', 'femi.adeyemi@postbox.example', '+1 510 555 0161', '2006-04-04', 'Support engineer', 'Femi Adeyemi. Referee: Dr. Carla Whitfield, +1 510 555 0199.', 1, NULL),
  (2, 'Maja Stenberg', 'maja.stenberg@postbox.example', '+46 8 555 0162', '1990-10-10', 'Support engineer', 'Maja Stenberg. Eight years at a help desk.', 0, NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
INSERT INTO applicants SELECT 100 + i, 'Applicant ' || char(64 + i) || '. Sample', 'applicant' || i || '@postbox.example', '+1 510 555 05' || printf('%02d', i),
       '1995-01-01', 'Support engineer', 'A resume.', 0, NULL FROM n;
INSERT INTO applicant_scores VALUES (2, 'fit-3', 0.71, '2026-10-20');
INSERT INTO applicant_scores SELECT id, 'fit-3', 0.5, '2026-10-20' FROM applicants WHERE id > 100;
INSERT INTO review_tasks VALUES
  (1, 1, 2, 'the applicant refused scoring', '2026-06-01'),
  (2, 2, 2, 'second look', '2026-06-02');

INSERT INTO visits VALUES
  (1, 'Henrik Aas', 'henrik.aas@visitor.example', '+47 22 55 01 81', 2, '2026-06-20T09:00:00Z'),
  (2, 'Henrik Aas', NULL,                         '+47 22 55 01 81', 3, '2026-09-14T09:00:00Z'),   -- the same visitor, phone only
  (3, 'Odile Martin', 'odile.martin@visitor.example', NULL,          3, '2026-10-02T10:00:00Z');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
INSERT INTO visits SELECT 100 + i, 'Guest ' || char(64 + i) || '. Sample', 'guest' || i || '@visitor.example', NULL, 3, '2026-10-0' || (1 + i % 9) || 'T11:00:00Z' FROM n;

INSERT INTO requests VALUES
  (1, 'erasure', 'web_form', 'Delete my data', 'prospect', NULL, 'Yusuf Demir', 'yusuf.demir@lanternworks.example', '+1 916 555 0131', '77 Poplar Way, Sacramento, CA 95814', 'awaiting confirmation', '2026-11-01', '2026-11-02', NULL, NULL),  -- asked on the web, never confirmed: nothing may be erased on its account
  (2, 'erasure', 'phone', NULL, 'prospect', NULL, 'Tevita Fonua', 'tevita.fonua@reefnet.example', '+676 555 0137', 'Nuku''alofa', 'open', '2026-11-03', '2026-11-03', NULL, NULL),                          -- asked by telephone: no second question; no law there, so a person decides
  (3, 'access', 'email', 'My data', 'user', 1, 'Otto Brandt', 'otto.brandt@brightwater-freight.example', '+49 30 5550 1102', 'Kanalstrasse 4, 10999 Berlin', 'forwarded', '2026-10-20', '2026-10-21', NULL, 1),
  (4, 'erasure', 'email', 'Please erase', 'user', 3, 'Ines Halloran', 'ines.halloran@solano-orchards.example', '+1 707 555 0103', '44 Orchard Lane, Fairfield, CA 94534', 'escalated', '2026-10-22', '2026-10-23', NULL, NULL),  -- her employer named no mailbox: escalated
  (5, 'access', 'email', 'For my client', 'representative', NULL, 'Marguerite Dubois', 'm.dubois@brightwater-freight.example', '+49 30 5550 1201', 'Kanalstrasse 4, 10999 Berlin', 'paused', '2026-10-25', '2026-10-26', NULL, NULL),
  (6, 'direct_marketing_list', 'email', 'CA marketing disclosure request', 'representative', NULL, 'Alejandro Pineda', 'a.pineda@solano-orchards.example', '+1 707 555 0122', '18 Levee Road, Suisun City, CA 94585', 'open', '2026-11-10', '2026-11-11', NULL, NULL),  -- the subject line the notice asks for
  (7, 'triage', 'email', 'CA markting disclosur request', 'prospect', NULL, 'Cleo Fifteen', 'cleo.fifteen@kidsmail.example', NULL, NULL, 'needs a look', '2026-11-12', '2026-11-12', NULL, NULL),  -- misspelt: a person recognises it, nobody drops it
  (8, 'erasure', 'email', NULL, 'representative', NULL, 'Gwen Pritchard', 'gwen.pritchard@calder-finch.example', NULL, '9 Foundry Row, London', 'incomplete', '2026-11-15', '2026-11-15', NULL, NULL),      -- no telephone number: paused until it comes
  (9, 'framework_complaint', 'letter', 'Complaint', 'representative', NULL, 'Noor Haddad', 'noor.haddad@harbourlight.example', '+61 2 5550 0124', '2 Jetty Street, Fremantle', 'open', '2026-11-01', NULL, NULL, NULL);  -- not from Europe: handled as an ordinary complaint; no receipt sent yet

INSERT INTO agents_papers VALUES
  (1, 5, 'Colm Reardon', 'erasure', '2026-10-24', '91ab00', 1);   -- may ask for erasure, and asks for access: too small a scope

-- Came last: while it is 1, nothing but storage is done with the data of this person.
ALTER TABLE staff ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE applicants ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;

COMMIT;
