/** What a row says, as names and values; what it does not say is left out. */
import type { Schemas } from "../../api/client";
import type { audit } from "../../i18n/audit";
import type { Say } from "../../i18n/words";
import { type LedgerRow, momentOf } from "../../ui/ledger";

type Fact = readonly [name: string, value: string];
type SayAudit = Say<typeof audit>;
const said = (rows: readonly (readonly [string, unknown])[]): Fact[] =>
  rows.flatMap(([name, value]) =>
    value == null || value === "" ? [] : [[name, String(value)] as const],
  );

export function rowFacts(row: LedgerRow, say: SayAudit, name: (id: string) => string): Fact[] {
  const { who, what, change, result, suspension, time } = row.entry;
  return said([
    [say("at"), momentOf(row)],
    [say("clock"), time.clock],
    [say("by"), `${name(who.caller)} (${who.caller})`],
    [say("onBehalf", { who: "" }), who.on_behalf_of],
    [say("address"), who.source_address],
    [say("method"), who.auth_method],
    [say("session"), who.session],
    [say("operation"), what.operation],
    [say("object"), what.object],
    [say("record"), what.record],
    [say("fields"), what.fields?.join(", ")],
    [say("purpose"), what.purpose],
    [say("result"), result && say(result.status)],
    [say("error"), result?.error_class],
    [say("rows"), result?.rows],
    [say("affected"), change?.affected],
    [say("revision"), change?.revision],
    [say("window"), suspension?.overlay],
    [say("request"), what.request],
    [say("hash"), row.chain],
  ]);
}

export function decisionFacts(decision: Schemas["LedgerDecision"], say: SayAudit): Fact[] {
  return said([
    [say("outcome"), decision.outcome],
    [say("normal"), decision.normal_outcome],
    [say("stage"), decision.stage],
    [say("rules"), decision.rules?.join(", ")],
  ]);
}
