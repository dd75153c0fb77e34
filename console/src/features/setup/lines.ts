/** What is pasted, line by line, as entities of the policy. */
import type { Schemas } from "../../api/client";
import { setup } from "../../i18n/setup";

/** How a head is marked, in either language. */
const HEAD: readonly string[] = setup.head;

type Put = Schemas["PutBody"];
export type Fault = { line: number; why: "idMissing" | "departmentUnknown"; id: string };
export type Read = { put: Put[]; faults: Fault[]; lines: number };

const cells = (line: string) => line.split(/[,，\t;；]/).map((cell) => cell.trim());
const entity = (kind: string, id: string, content: object): Put => ({
  kind,
  id,
  content: content as never,
});

function each(text: string, act: (cells: readonly string[], line: number) => Put | Fault): Read {
  const read: Read = { put: [], faults: [], lines: 0 };
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const made = act(cells(line), index + 1);
    if ("why" in made) read.faults.push(made);
    else {
      read.put.push(made);
      read.lines += 1;
    }
  }
  return read;
}

/** `id, name, above`: an unknown one above is a fault, so that nothing hangs nowhere. */
export function departments(text: string, tree: string, known: ReadonlySet<string>): Read {
  const ids = new Set(known);
  return each(text, ([id = "", name = "", parent = ""], line) => {
    if (id === "") return { line, why: "idMissing", id };
    if (parent !== "" && !ids.has(parent)) return { line, why: "departmentUnknown", id: parent };
    ids.add(id);
    return entity("node", id, { tree, name: name || id, ...(parent ? { parent } : {}) });
  });
}

/** `sign-in name, name, department, head`. */
export function people(text: string, known: ReadonlySet<string>): Read {
  return each(text, ([id = "", name = "", node = "", as = ""], line) => {
    if (id === "") return { line, why: "idMissing", id };
    if (node !== "" && !known.has(node)) return { line, why: "departmentUnknown", id: node };
    const place = { node, as: HEAD.includes(as.toLowerCase()) ? "head" : "member" };
    return entity("user", id, {
      name: name || id,
      kind: "internal",
      active: true,
      ...(node ? { placements: [place] } : {}),
    });
  });
}

/** Objects to begin with, and a set that works with them. */
export function beginning(baseline: string, setName: string): Put[] {
  const fields = { Name: { type: "text" }, Phone: { type: "text", class: "personal" } };
  const of = (name: string) => ({
    name,
    baseline: { internal: baseline, external: "private" },
    field_mode: "open",
    fields,
  });
  const objects = {
    Account: "Account",
    Contact: "Contact",
    Lead: "Lead",
    Opportunity: "Opportunity",
  };
  const actions = { read: "reachable", create: "all", edit: "reachable" };
  return [
    ...Object.entries(objects).map(([id, name]) => entity("object", id, of(name))),
    entity("set", "sales", {
      name: setName,
      kind: "permission_set",
      objects: Object.fromEntries(
        Object.keys(objects).map((id) => [id, { actions, all_fields: "edit" }]),
      ),
    }),
  ];
}
