-- I01 | R3 | one live month per person and exclusivity group
select person_id, exclusivity_group, period from workflows_instalment
where status not in ('cancelled', 'void') group by person_id, exclusivity_group, period having count(*) > 1;

-- I02 | R3 | one live instruction per month; end-to-end ids are never used again
select i.instalment_id, 'live' as what from workflows_paymentinstruction i
where i.status not in ('rejected', 'bounced', 'void') group by i.instalment_id having count(*) > 1
union all
select min(i.instalment_id), i.end_to_end_id from workflows_paymentinstruction i
group by i.end_to_end_id having count(*) > 1;

-- I14 | R3 | money adds up: instruction = month, batch = its lines, months = entitlement, debit = credit
select i.end_to_end_id, 'instruction' as what from workflows_paymentinstruction i
join workflows_instalment n on n.id = i.instalment_id where i.amount_fen <> n.amount_fen
union all
select b.number, 'batch' from workflows_paymentbatch b
left join workflows_paymentinstruction i on i.batch_id = b.id and i.status <> 'void'
where b.status <> 'void' group by b.id, b.number, b.total_fen, b.line_count
having b.total_fen <> coalesce(sum(i.amount_fen), 0) or b.line_count <> count(i.id)
union all
select min(n.period), 'entitlement' from workflows_entitlement e
join workflows_instalment n on n.entitlement_id = e.id and n.status not in ('cancelled', 'void')
group by e.id, e.total_fen having sum(n.amount_fen) > e.total_fen
union all
select l.posting, 'ledger' from workflows_ledgerentry l group by l.posting
having sum(case when l.side = 'debit' then l.amount_fen else -l.amount_fen end) <> 0;

-- I15 | R3 | paid means confirmed by the bank, and the other way round
select n.id, n.status from workflows_instalment n
where (case when n.status in ('paid', 'overpaid') then 1 else 0 end)
   <> (case when exists (select 1 from workflows_paymentinstruction i
                          where i.instalment_id = n.id and i.status = 'confirmed') then 1 else 0 end);

-- I16 | R3 | a payment sent on its own, whose outcome is unknown, is not left alone
select i.end_to_end_id from workflows_paymentinstruction i join workflows_paymentbatch b on b.id = i.batch_id
where i.status = 'sending' and i.status_at < %(very_late)s
  and not exists (select 1 from engine_incident x where x.instance_id = b.instance_id and x.resolved_at is null);

-- I17 | R3 | a batch goes on only with a checker and a releaser who are three people with its maker
select b.number, b.status from workflows_paymentbatch b
where (b.status not in ('draft', 'void') and (b.checker_id is null or b.checker_id = b.maker_id))
   or (b.status in ('released', 'sent', 'partly_confirmed', 'settled', 'reconciled')
       and (b.releaser_id is null or b.releaser_id = b.maker_id or b.releaser_id = b.checker_id));
