/** What a row says, as names and values; what it does not say is left out. */
import type { Schemas } from "../../api/client";
import type { audit } from "../../i18n/audit";
import { stages, verdicts } from "../../i18n/decision";
import { ledgerClocks, ledgerMethods } from "../../i18n/ledger";
import { operationWord } from "../../i18n/operations";
import { refusalWord } from "../../i18n/switch-acts";
import type { Say, Words } from "../../i18n/words";
import { callerName, type LedgerRow, momentOf, purposeIn } from "../../ui/ledger";
import { zoneOf } from "../../ui/moment";

type Fact = readonly [name: string, value: string];
type SayAudit = Say<typeof audit>;
const said = (rows: readonly (readonly [string, unknown])[]): Fact[] =>
  rows.flatMap(([name, value]) =>
    value == null || value === "" ? [] : [[name, String(value)] as const],
  );

const word = (all: Words, code: string | null | undefined, at: 0 | 1) =>
  code && (all[code]?.[at] ?? code);

/** Who did it: with the id where the name does not say it. */
function callerOf(id: string, name: (id: string) => string, at: 0 | 1): string {
  const called = callerName(id, name, at);
  return called === id ? id : `${called} (${id})`;
}

export function rowFacts(
  row: LedgerRow,
  say: SayAudit,
  name: (id: string) => string,
  at: 0 | 1,
): Fact[] {
  const { who, what, change, result, suspension, time } = row.entry;
  return said([
    [say("at"), `${momentOf(row)} ${zoneOf()}`],
    [say("clock"), word(ledgerClocks, time.clock, at)],
    [say("by"), callerOf(who.caller, name, at)],
    [say("onBehalf", { who: "" }), who.on_behalf_of],
    [say("address"), who.source_address],
    [say("method"), word(ledgerMethods, who.auth_method, at)],
    [say("session"), who.session],
    [say("operation"), operationWord(what.operation, at)],
    [say("object"), what.object],
    [say("record"), what.record],
    [say("fields"), what.fields?.join(", ")],
    [say("purpose"), what.purpose && purposeIn(what.purpose, at)],
    [say("result"), result && say(result.status)],
    [say("error"), result?.error_class && refusalWord(result.error_class, at)],
    [say("rows"), result?.rows],
    [say("affected"), change?.affected],
    [say("revision"), change?.revision],
    [say("window"), suspension?.overlay],
    [say("request"), what.request],
    [say("hash"), row.chain],
  ]);
}

export function decisionFacts(
  decision: Schemas["LedgerDecision"],
  say: SayAudit,
  at: 0 | 1,
): Fact[] {
  return said([
    [say("outcome"), word(verdicts, decision.outcome, at)],
    [say("normal"), word(verdicts, decision.normal_outcome, at)],
    [say("stage"), word(stages, decision.stage, at)],
    [say("rules"), decision.rules?.join(", ")],
  ]);
}
