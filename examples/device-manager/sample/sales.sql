-- The sales desk: representatives of customers, prospects, people of vendors, orders, feedback, and whom data went to. Today is 2026-11-22.
PRAGMA foreign_keys = ON;
BEGIN;

-- Everybody outside the company who may receive data, as the vendor team keeps them.
CREATE TABLE outside_parties (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL,
  sub_processor INTEGER NOT NULL DEFAULT 0, clauses_from TEXT, clauses_until TEXT);

CREATE TABLE vendor_reviews (
  id INTEGER PRIMARY KEY, party_id INTEGER NOT NULL REFERENCES outside_parties(id), reviewed_on TEXT NOT NULL, outcome TEXT NOT NULL);

CREATE TABLE vendor_contacts (
  id INTEGER PRIMARY KEY, party_id INTEGER NOT NULL REFERENCES outside_parties(id),
  full_name TEXT, email TEXT, phone TEXT, job_title TEXT);

CREATE TABLE framework_register (
  scheme TEXT NOT NULL, corridor TEXT NOT NULL, active_from TEXT NOT NULL, active_until TEXT NOT NULL, PRIMARY KEY (scheme, corridor));

CREATE TABLE representatives (
  id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, phone TEXT, postal_address TEXT, residence TEXT,
  job_title TEXT, employer TEXT, customer_no INTEGER NOT NULL, origin TEXT NOT NULL, origin_at TEXT NOT NULL,
  limited INTEGER NOT NULL DEFAULT 0);

CREATE TABLE prospects (
  id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, phone TEXT, postal_address TEXT, residence TEXT, birth_date TEXT,
  job_title TEXT, employer TEXT, origin TEXT NOT NULL, origin_at TEXT NOT NULL, supplied_by INTEGER REFERENCES outside_parties(id),
  limited INTEGER NOT NULL DEFAULT 0);

CREATE TABLE disputes (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL, opened_on TEXT NOT NULL, closed_on TEXT);

CREATE TABLE deals (
  id INTEGER PRIMARY KEY, representative_id INTEGER REFERENCES representatives(id), prospect_id INTEGER REFERENCES prospects(id),
  employer TEXT, considered TEXT, stage TEXT NOT NULL, dispute_id INTEGER REFERENCES disputes(id), review_on TEXT, at TEXT NOT NULL);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer_no INTEGER NOT NULL, ordered_by INTEGER REFERENCES representatives(id),
  product TEXT NOT NULL, amount_cents INTEGER NOT NULL, payment_token TEXT, ordered_on TEXT NOT NULL);

CREATE TABLE enquiries (
  id INTEGER PRIMARY KEY, prospect_id INTEGER NOT NULL REFERENCES prospects(id), given_for TEXT NOT NULL, question TEXT, at TEXT NOT NULL);

CREATE TABLE sent_mail (
  id INTEGER PRIMARY KEY, address TEXT, template TEXT NOT NULL, class TEXT NOT NULL, sent_at TEXT NOT NULL);

CREATE TABLE marketing_refusals (
  id INTEGER PRIMARY KEY, address TEXT NOT NULL, kind TEXT NOT NULL, channel TEXT NOT NULL, at TEXT NOT NULL);

CREATE TABLE feedback (
  id INTEGER PRIMARY KEY, representative_id INTEGER REFERENCES representatives(id), body TEXT,
  dispute_id INTEGER REFERENCES disputes(id), review_on TEXT, at TEXT NOT NULL);

CREATE TABLE generator_calls (
  id INTEGER PRIMARY KEY, feedback_id INTEGER REFERENCES feedback(id), party_id INTEGER NOT NULL REFERENCES outside_parties(id),
  given_for TEXT NOT NULL, sent_text TEXT, at TEXT NOT NULL);

-- One line for each time that data of somebody went out. `person_kind` says which table `person_ref` means.
CREATE TABLE handovers (
  id INTEGER PRIMARY KEY, party_id INTEGER NOT NULL REFERENCES outside_parties(id), person_kind TEXT NOT NULL, person_ref INTEGER,
  category TEXT NOT NULL, given_for TEXT NOT NULL, consideration TEXT NOT NULL DEFAULT 'none',
  own_marketing INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL);

CREATE INDEX vendor_contacts_email ON vendor_contacts(email);
CREATE INDEX representatives_email ON representatives(email);
CREATE INDEX prospects_email ON prospects(email);
CREATE INDEX deals_representative ON deals(representative_id);
CREATE INDEX deals_prospect ON deals(prospect_id);
CREATE INDEX orders_by ON orders(ordered_by);
CREATE INDEX enquiries_prospect ON enquiries(prospect_id);
CREATE INDEX sent_mail_address ON sent_mail(address);
CREATE INDEX marketing_refusals_address ON marketing_refusals(address);
CREATE INDEX feedback_representative ON feedback(representative_id);
CREATE INDEX generator_calls_feedback ON generator_calls(feedback_id);
CREATE INDEX handovers_person ON handovers(person_kind, person_ref);

INSERT INTO outside_parties VALUES
  (1, 'Cloudbarrow, Inc.',            'hosting',        'US', 1, '2024-03-01', '2029-02-28'),
  (2, 'Postlark Mail, Inc.',          'email',          'US', 1, '2024-03-01', '2029-02-28'),
  (3, 'Countmere Analytics, Inc.',    'analytics',      'US', 1, '2025-01-15', '2030-01-14'),
  (4, 'Tillstone Payments, Inc.',     'payment',        'US', 1, '2024-03-01', '2029-02-28'),
  (5, 'Parley Models, Inc.',          'generative_ai',  'US', 1, '2025-09-01', '2028-08-31'),
  (6, 'Brindle and Hart LLP',         'adviser',        'US', 0, '2025-02-01', '2026-08-31'),  -- the audit has ended: access is over
  (7, 'Squarecrowd Network, Inc.',    'social_network', 'US', 0, NULL,         NULL),          -- never allowed to receive anything
  (8, 'Leadfinch Data Ltd',           'supplier',       'GB', 0, '2025-05-01', '2028-04-30'),
  (9, 'Old Harbor Events LLC',        'partner',        'US', 0, '2023-01-01', '2025-12-31'),  -- clauses run out
  (10, 'Hearthline Support, Inc.',    'support',        'US', 1, '2024-06-01', '2029-05-31');
INSERT INTO vendor_reviews SELECT id, id, CASE id WHEN 9 THEN '2024-11-02' ELSE '2026-09-15' END, 'fit' FROM outside_parties WHERE id <> 7;
-- 7 has no due diligence file and the one of 9 is two years old: neither may receive anything.

INSERT INTO vendor_contacts VALUES
  (1, 2, 'Wanda Okoro', 'wanda.okoro@postlark.example', '+1 312 555 0171', 'Account manager'),
  (2, 8, 'Piers Ledley', 'piers.ledley@leadfinch.example', '+44 161 496 0172', 'Data manager');

INSERT INTO framework_register VALUES
  ('DPF', 'EU>US', '2026-02-16', '2027-02-15'),
  ('DPF', 'GB>US', '2026-02-16', '2027-02-15'),
  ('DPF', 'CH>US', '2025-02-16', '2026-02-15');   -- lapsed for Switzerland: only the clauses carry that flow

INSERT INTO representatives VALUES
  -- 1: an order the tax law keeps, a deal in an open dispute, feedback with a phone number, all of it
  (1, 'Marguerite Dubois', 'm.dubois@brightwater-freight.example', '+49 30 5550 1201', 'Kanalstrasse 4, 10999 Berlin', 'DE', 'Head of IT', 'Brightwater Freight GmbH', 1, 'self', '2024-04-02', 0),
  -- 2: a Californian whose data went out eleven and thirteen months ago
  (2, 'Alejandro Pineda', 'a.pineda@solano-orchards.example', '+1 707 555 0122', '18 Levee Road, Suisun City, CA 94585', 'US-CA', 'Controller', 'Solano Orchards, Inc.', 3, 'self', '2024-08-20', 0),
  -- 3: refused marketing by letter, still gets the renewal
  (3, 'Gwen Pritchard', 'gwen.pritchard@calder-finch.example', '+44 20 7946 0123', '9 Foundry Row, London', 'GB', 'Partner', 'Calder and Finch LLP', 2, 'self', '2025-01-20', 0),
  -- 4: what they suggested must not go to a generator, for they objected
  (4, 'Noor Haddad', 'noor.haddad@harbourlight.example', '+61 2 5550 0124', '2 Jetty Street, Fremantle', 'AU', 'Practice manager', 'Harbour Light Clinics', 4, 'self', '2025-05-05', 1);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
INSERT INTO representatives
SELECT 100 + i, 'Representative ' || char(64 + i) || '. Sample', 'rep' || i || '@client' || (1 + i % 4) || '.example', '+1 415 555 02' || printf('%02d', i),
       i || ' Sample Street', 'US-NV', 'Buyer', 'Client ' || (1 + i % 4), 1 + i % 4, 'self', '2025-03-01', 0 FROM n;

INSERT INTO prospects VALUES
  -- 1: asked for a demonstration; two browsers, the signal on in one of them only (web.sql)
  (1, 'Yusuf Demir', 'yusuf.demir@lanternworks.example', '+1 916 555 0131', '77 Poplar Way, Sacramento, CA 95814', 'US-CA', NULL, 'IT lead', 'Lanternworks', 'self', '2026-05-10', NULL, 0),
  -- 2 to 5: the ages that the limits cut between
  (2, 'Ada Small', 'ada.small@kidsmail.example', NULL, NULL, 'US', '2014-03-01', NULL, NULL, 'self', '2026-10-01', NULL, 0),    -- 12: has to go as soon as it is found
  (3, 'Ben Threshold', 'ben.threshold@kidsmail.example', NULL, NULL, 'US', '2013-11-22', NULL, NULL, 'self', '2026-11-22', NULL, 0),  -- 13 today: may stay
  (4, 'Cleo Fifteen', 'cleo.fifteen@kidsmail.example', NULL, NULL, 'US-CA', '2011-02-02', NULL, NULL, 'self', '2026-09-01', NULL, 0),   -- 15: never in an audience
  (5, 'Dan Sixteen', 'dan.sixteen@kidsmail.example', NULL, NULL, 'US-CA', '2010-02-02', NULL, NULL, 'self', '2026-09-01', NULL, 0),     -- 16: the ordinary rules
  -- 6: bought from a supplier, who may deliver identifiers and commercial data and nothing else: no job title
  (6, 'Solveig Moen', 'solveig.moen@fjordkraft.example', NULL, NULL, 'NO', NULL, NULL, NULL, 'supplier', '2026-06-15', 8, 0),
  -- 7: lives where no law gives rights; the request is decided by a person
  (7, 'Tevita Fonua', 'tevita.fonua@reefnet.example', '+676 555 0137', 'Nuku''alofa', 'TO', NULL, 'Owner', 'Reefnet', 'self', '2026-07-07', NULL, 0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
INSERT INTO prospects
SELECT 100 + i, 'Prospect ' || char(64 + i) || '. Sample', 'lead' || i || '@firm' || i || '.example', '+1 415 555 03' || printf('%02d', i),
       i || ' Market Street', 'US-TX', NULL, 'Manager', 'Firm ' || i, 'self', '2026-04-01', NULL, 0 FROM n;

INSERT INTO disputes VALUES
  (1, 'Claim over late delivery, 2026-041', '2026-04-11', NULL),
  (2, 'Invoice query, 2025-007', '2025-02-01', '2025-06-30');

INSERT INTO deals VALUES
  (1, 1, NULL, 'Brightwater Freight GmbH', 'Console, 300 machines', 'won',  1, '2027-04-11', '2024-05-01'),  -- dispute 1 is open: stays
  (2, 1, NULL, 'Brightwater Freight GmbH', 'Phones, 40',            'lost', 2, '2027-02-01', '2025-01-15'),  -- dispute 2 is closed: goes
  (3, NULL, 1, 'Lanternworks',             'Console, 25 machines',  'open', NULL, NULL, '2026-05-12');
INSERT INTO deals SELECT id, NULL, id, employer, 'Console, 10 machines', 'open', NULL, NULL, '2026-04-02' FROM prospects WHERE id > 100;

INSERT INTO orders VALUES
  (1, 1, 1, 'Console, yearly', 1440000, 'tok_7781', '2026-05-03'),
  (2, 3, 2, 'Console, yearly',  240000, 'tok_7782', '2026-08-21'),
  (3, 2, 3, 'Console, yearly',  960000, 'tok_7783', '2026-01-25');
INSERT INTO orders SELECT id, customer_no, id, 'Console, yearly', 120000, 'tok_' || id, '2026-03-02' FROM representatives WHERE id > 100 AND id % 2 = 0;

INSERT INTO enquiries VALUES
  (1, 1, 'answer_enquiry', 'Can you show us the console? Call me, Yusuf Demir.', '2026-05-10T14:00:00Z'),
  (2, 7, 'answer_enquiry', 'Do you work in Tonga?', '2026-07-07T01:00:00Z');

INSERT INTO sent_mail VALUES
  (1, 'yusuf.demir@lanternworks.example', 'demo-follow-up', 'marketing', '2026-05-20'),
  (2, 'gwen.pritchard@calder-finch.example', 'renewal-notice', 'relationship', '2026-10-25'),  -- after the refusal, and allowed: it is about the contract
  (3, 'm.dubois@brightwater-freight.example', 'autumn-news', 'marketing', '2026-09-30'),
  (4, 'M.Dubois@Brightwater-Freight.example', 'invoice', 'relationship', '2026-05-03');        -- the same mailbox in capitals
INSERT INTO sent_mail SELECT id, email, 'autumn-news', 'marketing', '2026-09-30' FROM representatives WHERE id > 100;

INSERT INTO marketing_refusals VALUES
  (1, 'gwen.pritchard@calder-finch.example', 'marketing', 'letter', '2026-03-14'),
  (2, 'yusuf.demir@lanternworks.example', 'sale_or_share', 'phone', '2026-06-18');

INSERT INTO feedback VALUES
  (1, 1, 'The wipe button is too close to the lock button. Ring me on +49 30 5550 1201, Marguerite Dubois.', NULL, NULL, '2026-06-06'),  -- holds a phone number and a name
  (2, 4, 'More languages, please.', NULL, NULL, '2026-06-07');                                                                          -- its author objected: never sent
INSERT INTO generator_calls VALUES
  (1, 1, 5, 'improve_service', 'The wipe button is too close to the lock button. Ring me on [phone], [name].', '2026-06-08');

INSERT INTO handovers VALUES
  (1, 2, 'representative', 2, 'contact', 'email delivery', 'none', 0, '2025-12-22'),      -- eleven months ago: inside the window
  (2, 9, 'representative', 2, 'contact', 'joint event', 'none', 1, '2025-10-22'),         -- thirteen months ago: outside of it, and in last year's list of marketing
  (3, 4, 'representative', 1, 'financial', 'payment', 'none', 0, '2026-05-03'),
  (4, 5, 'representative', 1, 'contact', 'improve_service', 'none', 0, '2026-06-08'),
  (5, 3, 'prospect', 1, 'usage', 'site statistics', 'none', 0, '2026-05-10'),
  (6, 2, 'prospect', 1, 'contact', 'email delivery', 'none', 0, '2026-05-20'),
  (7, 10, 'user', 3, 'identifiers', 'support', 'none', 0, '2026-08-15');
INSERT INTO handovers SELECT id, 2, 'representative', id, 'contact', 'email delivery', 'none', 0, '2026-09-30' FROM representatives WHERE id > 100;

-- Came last: while it is 1, nothing but storage is done with the data of this person.
ALTER TABLE vendor_contacts ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;

COMMIT;
