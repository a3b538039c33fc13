--
-- PostgreSQL database dump
--



SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: aggregate_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.aggregate_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: aggregates; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.aggregates (
    seq bigint NOT NULL,
    version bigint NOT NULL,
    hash bigint NOT NULL,
    due bigint,
    severity smallint NOT NULL,
    was_armed boolean DEFAULT false NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    state json NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.05', autovacuum_analyze_scale_factor='0.05');
ALTER TABLE ONLY public.aggregates ALTER COLUMN state SET COMPRESSION lz4;


--
-- Name: case_text; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.case_text (
    seq bigint NOT NULL,
    words tsvector NOT NULL
);
ALTER TABLE ONLY public.case_text ALTER COLUMN words SET COMPRESSION lz4;


--
-- Name: cases; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cases (
    seq bigint NOT NULL,
    opened_at bigint NOT NULL,
    next_deadline bigint,
    case_severity smallint NOT NULL,
    was smallint,
    open boolean NOT NULL,
    priority_call boolean NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    support_id text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    queue text NOT NULL COLLATE pg_catalog."C",
    product text NOT NULL COLLATE pg_catalog."C",
    offer text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    owner text COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    source_key text COLLATE pg_catalog."C",
    title text NOT NULL
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05', autovacuum_analyze_scale_factor='0.05');


--
-- Name: events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.events (
    seq bigint NOT NULL,
    version bigint NOT NULL,
    at bigint NOT NULL,
    fingerprint bigint NOT NULL,
    request_id uuid,
    json json NOT NULL
);
ALTER TABLE ONLY public.events ALTER COLUMN json SET COMPRESSION lz4;


--
-- Name: figures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.figures (
    slot integer NOT NULL,
    cases bigint DEFAULT 0 NOT NULL,
    open_cases bigint DEFAULT 0 NOT NULL,
    open_severity1 bigint DEFAULT 0 NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    armed bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');


--
-- Name: store_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.store_version (
    version integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Data for Name: aggregates; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.aggregates (seq, version, hash, due, severity, was_armed, type, id, state) VALUES (1, 2, 3611273899, 17954244000000007, 1, false, 'case', '4000000001', '{"text":"golden"}');
INSERT INTO public.aggregates (seq, version, hash, due, severity, was_armed, type, id, state) VALUES (2, 1, 1554446656, NULL, 0, false, 'contract', 'S-100', '{"text":"state 1"}');


--
-- Data for Name: case_text; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.case_text (seq, words) VALUES (1, '''calismiyor'':4 ''daki'':2 ''istanbul'':1 ''yazici'':3');


--
-- Data for Name: cases; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cases (seq, opened_at, next_deadline, case_severity, was, open, priority_call, number, support_id, region, queue, product, offer, status, owner, language, source_key, title) VALUES (1, 17954244000000000, 17954280000000000, 1, NULL, true, true, '4000000001', 'S-100', 'emea', 'emea/print', 'print', 'premium', 'inProgress', 'eng-aoife', 'tr', 'old/1', 'Yazıcı çalışmıyor');


--
-- Data for Name: events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.events (seq, version, at, fingerprint, request_id, json) VALUES (1, 1, 17954244010000000, -42, '01940000-0000-7000-8000-000000000007', '{"text":"event 1"}');
INSERT INTO public.events (seq, version, at, fingerprint, request_id, json) VALUES (1, 2, 17954244020000000, 0, NULL, '{"text":"event 2"}');
INSERT INTO public.events (seq, version, at, fingerprint, request_id, json) VALUES (2, 1, 17954244010000000, 0, NULL, '{"text":"event 1"}');


--
-- Data for Name: figures; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.figures (slot, cases, open_cases, open_severity1, events, armed) VALUES (0, 1, 1, 1, 3, 1);


--
-- Data for Name: store_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.store_version (version, applied_at) VALUES (1, '2026-11-27 10:51:45.11637+00');


--
-- Name: aggregate_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.aggregate_seq', 2, true);


--
-- Name: aggregates aggregates_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.aggregates
    ADD CONSTRAINT aggregates_pkey PRIMARY KEY (type, id);


--
-- Name: case_text case_text_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.case_text
    ADD CONSTRAINT case_text_pkey PRIMARY KEY (seq);


--
-- Name: cases cases_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (seq);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (seq, version);


--
-- Name: figures figures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_pkey PRIMARY KEY (slot);


--
-- Name: store_version store_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.store_version
    ADD CONSTRAINT store_version_pkey PRIMARY KEY (version);


--
-- Name: aggregate_wake; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX aggregate_wake ON public.aggregates USING btree (severity, due, hash) WHERE (due IS NOT NULL);


--
-- Name: case_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_open ON public.cases USING btree (seq) WHERE open;


--
-- Name: case_owner; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_owner ON public.cases USING btree (owner, seq) WHERE (owner IS NOT NULL);


--
-- Name: case_product; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_product ON public.cases USING btree (product, seq);


--
-- Name: case_queue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_queue ON public.cases USING btree (queue, seq);


--
-- Name: case_source_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX case_source_key ON public.cases USING btree (source_key) WHERE (source_key IS NOT NULL);


--
-- Name: case_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_status ON public.cases USING btree (status, seq);


--
-- Name: case_support_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_support_id ON public.cases USING btree (support_id, seq);


--
-- Name: case_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_waiting ON public.cases USING btree (queue) WHERE (open AND (owner IS NULL));


--
-- Name: case_words; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX case_words ON public.case_text USING gin (words);


--
-- PostgreSQL database dump complete
--


