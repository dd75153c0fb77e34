/** Where something is edited: the first screen that exists, so that a link never leads nowhere. */
import { screens } from "../screens";

export type PlaceKind =
  | "record"
  | "assignments"
  | "set"
  | "field"
  | "group"
  | "node"
  | "user"
  | "rule"
  | "roll_up"
  | "restriction"
  | "baseline"
  | "pool"
  | "window";

type Place = { screen: string; to: (id: string, more: string) => string };
const of = encodeURIComponent;

const PLACES: Readonly<Record<PlaceKind, readonly Place[]>> = {
  record: [{ screen: "/records/$object/$id", to: (id, object) => `/records/${object}/${of(id)}` }],
  assignments: [
    { screen: "/grants", to: (what, who) => `/grants?add=yes&what=${of(what)}&to=${of(who)}` },
  ],
  set: [{ screen: "/sets", to: (id) => `/sets?set=${of(id)}` }],
  field: [
    { screen: "/fields", to: (id, object) => `/fields?object=${of(object)}&field=${of(id)}` },
  ],
  group: [{ screen: "/structure", to: (id) => `/structure?tab=groups&group=${of(id)}` }],
  node: [{ screen: "/structure", to: (id) => `/structure?node=${of(id)}` }],
  user: [{ screen: "/users", to: (id) => `/users?user=${of(id)}` }],
  rule: [
    { screen: "/sharing-rules", to: (id) => `/sharing-rules?rule=${of(id)}` },
    { screen: "/sharing", to: (id) => `/sharing?rule=${of(id)}` },
    { screen: "/rules", to: (id) => `/rules?rule=${of(id)}` },
  ],
  roll_up: [
    { screen: "/roll-ups", to: (id) => `/roll-ups?roll_up=${of(id)}` },
    { screen: "/sharing", to: () => "/sharing" },
    { screen: "/structure", to: () => "/structure" },
  ],
  restriction: [
    { screen: "/restrictions", to: (id) => `/restrictions?restriction=${of(id)}` },
    { screen: "/sharing", to: () => "/sharing" },
  ],
  baseline: [
    { screen: "/defaults", to: (_, object) => `/defaults?object=${of(object)}` },
    { screen: "/baselines", to: (_, object) => `/baselines?object=${of(object)}` },
    { screen: "/sharing", to: () => "/sharing" },
  ],
  pool: [{ screen: "/pools", to: (id) => `/pools?pool=${of(id)}` }],
  window: [{ screen: "/switch", to: () => "/switch" }],
};

/** The address of the editor; nothing when no screen of it exists. `more` is what else it needs to know. */
export function placeOf(kind: PlaceKind, id: string, more = ""): string | undefined {
  return PLACES[kind]
    .find((place) => screens.some(({ path }) => path === place.screen))
    ?.to(id, more);
}
