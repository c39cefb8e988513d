-- Every statement returns no row in a healthy system, on SQLite and PostgreSQL.
-- Header: number | promise | what it says.
-- Parameters: %(late)s two minutes ago, %(very_late)s fifteen minutes ago, by the product's clock;
-- %(lease_late)s two minutes ago by the real clock, which leases are counted in.

-- I03 | R2 | a running instance stands somewhere or has an open incident; an ended one has nothing open
select i.id, i.status from engine_processinstance i
where (i.status in ('active', 'suspended')) <> (
     exists (select 1 from engine_usertask t where t.instance_id = i.id and t.status = 'open')
  or exists (select 1 from engine_job j where j.instance_id = i.id and j.status in ('ready', 'leased'))
  or exists (select 1 from engine_timer m where m.instance_id = i.id and m.status = 'pending')
  or exists (select 1 from engine_subscription s where s.instance_id = i.id and s.status = 'open' and s.host is null)
  or exists (select 1 from engine_incident x where x.instance_id = i.id and x.resolved_at is null));

-- I04 | R2 | a boundary timer or subscription lives no longer than its task
select m.id, 'timer' as what from engine_timer m
 where m.status = 'pending'
   and exists (select 1 from engine_usertask t where t.instance_id = m.instance_id and t.token = m.host)
   and not exists (select 1 from engine_usertask t where t.instance_id = m.instance_id and t.token = m.host and t.status = 'open')
union all select s.id, 'subscription' from engine_subscription s
 where s.status = 'open'
   and exists (select 1 from engine_usertask t where t.instance_id = s.instance_id and t.token = s.host)
   and not exists (select 1 from engine_usertask t where t.instance_id = s.instance_id and t.token = s.host and t.status = 'open');

-- I06 | R4 | a user task is completed at most once, and an open one has no completion
select h.task_id, count(*) from engine_historyevent h join engine_usertask t on t.id = h.task_id
where h.kind = 'task_completed'
group by h.task_id, t.status having count(*) > 1 or t.status <> 'completed';

-- I07 | R11 | every revision of an instance left history, none was skipped
select i.id, i.revision from engine_processinstance i
where i.revision <> (select count(distinct h.revision) from engine_historyevent h where h.instance_id = i.id);

-- I12 | R8 | no lease outlives its owner, no ready job or due timer waits (suspended instances apart)
select j.id, 'lease' as what from engine_job j
 where j.status = 'leased' and j.lease_until < %(lease_late)s
union all select j.id, 'ready' from engine_job j join engine_processinstance i on i.id = j.instance_id
 where j.status = 'ready' and j.run_at < %(very_late)s and i.status = 'active'
union all select m.id, 'timer' from engine_timer m join engine_processinstance i on i.id = m.instance_id
 where m.status = 'pending' and m.due_at < %(late)s and i.status = 'active';

-- I13 | R7 | a job without attempts left has an open incident
select j.id, j.key from engine_job j
where j.status = 'failed'
  and not exists (select 1 from engine_incident x where x.job_id = j.id and x.resolved_at is null);
