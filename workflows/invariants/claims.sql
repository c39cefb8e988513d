-- Every statement returns no row in a healthy system, on SQLite and PostgreSQL.
-- Header: number | promise | what it says. Parameters: engine/invariants/runtime.sql.

-- I05 | R2 | a claim is final exactly when nothing of it runs (an expired one may wait to be reopened; claims not caught up with their instance apart)
select c.id, c.status from workflows_claim c
join engine_processinstance i on i.id = c.instance_id
where c.projected_revision = i.revision
  and not exists (select 1 from workflows_entitlement e join engine_processinstance p on p.id = e.instance_id
                   where e.claim_id = c.id and e.projected_revision <> p.revision)
  and case
        when i.status in ('completed', 'cancelled')
         and not exists (select 1 from workflows_entitlement e join engine_processinstance p on p.id = e.instance_id
                          where e.claim_id = c.id and p.status in ('active', 'suspended'))
        then c.status not in ('expired', 'completed', 'stopped', 'denied_final', 'withdrawn', 'deleted')
        else c.status in ('completed', 'stopped', 'denied_final', 'withdrawn', 'deleted')
      end;

-- I08 | R11 | every revision of a claim has exactly one audit row
select c.id, c.revision from workflows_claim c
where c.revision <> (select count(distinct a.claim_revision) from workflows_auditentry a where a.claim_id = c.id)
   or c.revision <> (select count(a.claim_revision) from workflows_auditentry a where a.claim_id = c.id);

-- I09 | R12 | an open user task of an office stands where its claim stands
select t.id, t.scope from engine_usertask t
join engine_usertaskcandidate k on k.task_id = t.id
join workflows_claim c on c.instance_id = t.instance_id
join workflows_office o on o.id = c.office_id
join workflows_programme p on p.id = c.programme_id
where t.status = 'open' and k."group" <> 'applicant' and k.scope <> p.code || '/' || o.code;

-- I10 | R12 | nobody concludes on the own claim, or on one that they entered, and nobody approves what they reviewed
select r.id, r.stage from workflows_review r
join workflows_claim c on c.id = r.claim_id
join workflows_person p on p.id = c.person_id
where r.by_id = p.user_id or r.by_id = c.entered_by_id
union all
select r.id, r.stage from workflows_review r
join workflows_review o on o.claim_id = r.claim_id and o.by_id = r.by_id
where r.stage = 'approver' and o.stage in ('attachment_checker', 'reviewer', 'quality_checker');

-- I11 | R4 | what is approved was approved in its latest submission
select c.id, c.status from workflows_claim c
where c.status in ('approved', 'paying', 'completed')
  and not exists (
    select 1 from workflows_review r join workflows_submission s on s.id = r.submission_id
    where r.claim_id = c.id and r.outcome in ('approve', 'confirm', 'reverse') and r.undone_at is null
      and r.submission_sha256 = s.sha256
      and s.number = (select max(x.number) from workflows_submission x where x.claim_id = c.id));

-- I18 | R12 | a disabled account has no user task on its desk
select t.id from engine_usertask t join accounts_user u on u.id = t.assignee_id
where t.status = 'open' and not u.is_active;

-- I19 | R5 | an answered request has its claim, none is left unanswered
select k.id, k.route from workflows_requestkey k
left join workflows_claim c on c.id = k.claim_id
where (k.status between 200 and 399 and k.claim_id is not null and c.id is null
       and not exists (select 1 from workflows_auditentry a where a.act = 'draft.deleted' and a.at >= k.created_at))
   or (k.status is null and k.created_at < %(late)s);

-- I20 | R1 | no picture is in front of officers before it was scanned
select a.id, a.scan from workflows_attachment a join workflows_claim c on c.id = a.claim_id
where a.removed_at is null and a.erased_at is null
  and c.status in ('eligibility_review', 'second_review', 'quality_check', 'approved', 'paying', 'completed')
  and (a.scan <> 'clean' or a.sha256 = '');
