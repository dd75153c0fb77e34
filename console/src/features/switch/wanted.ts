/** What somebody asks for, as the form holds it; and as the server takes it. */
import type { Schemas } from "../../api/client";
import type { Wanted } from "./queries";

export type Form = {
  kind: "suspension" | "elevation" | "disablement";
  /** Suspension: everything, or these objects. */
  everything: boolean;
  objects: string[];
  fields: Record<string, string[]>;
  actions: string[];
  layers: Schemas["Layer"][];
  restrictions: string[];
  sets: string[];
  classes: Schemas["FieldClass"][];
  bulk: boolean;
  others: Schemas["Others"];
  /** Elevation: `set:ID`; disablement: `rule:ID`, `set:ID`, `assignment:ID`, `user:ID`. */
  what: string;
  people: string[];
  /** Principals as the server names them: `group:ID`, `node_and_below:ID`, `everyone`. */
  groups: string[];
  networks: string[];
  minutes: number;
  starts: string;
  reason: string;
  ticket: string;
  basis: string;
  survives: boolean;
  emergency: boolean;
  extends: string;
};

export const EMPTY: Form = {
  kind: "suspension",
  everything: false,
  objects: [],
  fields: {},
  actions: [],
  layers: [],
  restrictions: [],
  sets: [],
  classes: [],
  bulk: false,
  others: "enforced",
  what: "",
  people: [],
  groups: [],
  networks: [],
  minutes: 10,
  starts: "",
  reason: "",
  ticket: "",
  basis: "",
  survives: false,
  emergency: false,
  extends: "",
};

export const MINUTE_MS = 60_000;
const LEAST_MS = 1_000;
const MOST_MS = 4 * 60 * MINUTE_MS;
const MOST_EMERGENCY_MS = 15 * MINUTE_MS;

type Longest = Partial<Pick<Schemas["SwitchSettings"], "length_max" | "emergency_max">>;

/** The longest that may be asked for: what the organization set, else what holds everywhere. */
export const longest_ms = ({ emergency }: Pick<Form, "emergency">, settings?: Longest): number =>
  emergency ? (settings?.emergency_max ?? MOST_EMERGENCY_MS) : (settings?.length_max ?? MOST_MS);

/** Whether the length is neither below a second nor above the longest. */
export function isLength(minutes: number, most_ms: number): boolean {
  const length_ms = Math.round(minutes * MINUTE_MS);
  return length_ms >= LEAST_MS && length_ms <= most_ms;
}

/** What is still to be said, by the names of the parts; nothing when it can be sent. */
export function missing(
  form: Form,
  most_ms = longest_ms(form),
): ("what" | "whom" | "network" | "long" | "why")[] {
  const found: ReturnType<typeof missing> = [];
  const named = form.everything || form.objects.length > 0 || form.sets.length > 0;
  if (form.kind === "suspension" ? !named : form.what === "") found.push("what");
  const somebody = form.people.length + form.groups.length > 0;
  const somewhere = form.networks.length > 0;
  const needs = { suspension: somebody || somewhere, elevation: somebody, disablement: true };
  if (!needs[form.kind]) found.push("whom");
  if (form.networks.some((network) => !isNetwork(network))) found.push("network");
  if (!isLength(form.minutes, most_ms)) found.push("long");
  if (form.reason.trim() === "") found.push("why");
  return found;
}

/** An address, a range or a network; what exactly is good the server knows. */
export const isNetwork = (text: string): boolean =>
  /^[0-9a-fA-F:.]+(\/\d{1,3}|-[0-9a-fA-F:.]+)?$/.test(text) && /[.:]/.test(text);

function effect(form: Form): Schemas["OverlayEffect"] {
  if (form.kind === "elevation") return { kind: "elevation", set: form.what };
  if (form.kind === "disablement") {
    const cut = form.what.indexOf(":");
    const what = { [form.what.slice(0, cut)]: form.what.slice(cut + 1) };
    return { kind: "disablement", what: what as Schemas["Disabled"] };
  }
  const fields = Object.fromEntries(
    Object.entries(form.fields).filter(
      ([object, names]) => form.objects.includes(object) && names.length > 0,
    ),
  );
  const said = {
    objects: form.everything ? [] : form.objects.filter((object) => !(object in fields)),
    fields: form.everything ? {} : fields,
    layers: form.layers,
    restrictions: form.restrictions,
    sets: form.sets,
    actions: form.actions,
    protected_classes: form.classes,
  };
  const scope = Object.fromEntries(
    Object.entries(said).filter(([, value]) => Object.keys(value).length > 0),
  );
  return {
    kind: "suspension",
    scope: form.bulk ? { ...scope, bulk: true } : scope,
    others: form.others,
  };
}

export function toWanted(form: Form): Wanted {
  const users = [...form.people.map((id) => `user:${id}`), ...form.groups];
  return {
    effect: effect(form),
    audience: {
      ...(users.length > 0 && { users }),
      ...(form.networks.length > 0 && { networks: form.networks }),
    },
    length: Math.round(form.minutes * MINUTE_MS),
    reason: form.reason.trim(),
    ...(form.starts && !form.emergency && { starts: new Date(form.starts).toISOString() }),
    ...(form.ticket.trim() && { ticket: form.ticket.trim() }),
    ...(form.basis.trim() && { legal_basis: form.basis.trim() }),
    ...(form.survives && !form.emergency && { survives_reboot: true }),
    ...(form.extends && { extends: form.extends }),
    urgency: form.emergency ? "emergency" : "usual",
  };
}

/** `{ placement: { user, node } }` and what else has no plain form is kept as it came. */
function whatOf(effect: Schemas["OverlayEffect"]): string {
  if (effect.kind === "elevation") return effect.set;
  if (effect.kind !== "disablement") return "";
  const [name, value] = Object.entries(effect.what)[0] ?? ["", ""];
  return `${name}:${typeof value === "string" ? value : JSON.stringify(value)}`;
}

/** The parts of a suspension's scope; of another kind none. */
function scopeOf(effect: Schemas["OverlayEffect"]): Partial<Form> {
  if (effect.kind !== "suspension") return {};
  const { scope, others } = effect;
  const fields = (scope.fields ?? {}) as Record<string, string[]>;
  const objects = [...(scope.objects ?? []), ...Object.keys(fields)];
  const { sets = [], actions = [], layers = [], restrictions = [] } = scope;
  return {
    everything: objects.length + sets.length === 0,
    objects,
    fields,
    sets,
    actions,
    layers,
    restrictions,
    classes: scope.protected_classes ?? [],
    bulk: scope.bulk ?? false,
    others,
  };
}

export function toForm(wanted: Wanted): Form {
  const { users = [], networks = [] } = wanted.audience ?? {};
  const people = users.filter((one) => one.startsWith("user:"));
  return {
    ...EMPTY,
    kind: wanted.effect.kind,
    ...scopeOf(wanted.effect),
    what: whatOf(wanted.effect),
    people: people.map((one) => one.slice("user:".length)),
    groups: users.filter((one) => !one.startsWith("user:")),
    networks,
    minutes: wanted.length ? wanted.length / MINUTE_MS : EMPTY.minutes,
    reason: wanted.reason,
    ticket: wanted.ticket ?? "",
    basis: wanted.legal_basis ?? "",
    survives: wanted.survives_reboot ?? false,
    emergency: wanted.urgency === "emergency",
    extends: wanted.extends ?? "",
  };
}
