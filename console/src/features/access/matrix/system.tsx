/** The system permissions of a set: what belongs to no object. */
import { Checkbox, Drawer } from "antd";
import { matrix as words } from "../../../i18n/matrix";
import { useWords } from "../../../i18n/words";
import { useSession } from "../../../session";
import { read } from "../draft";
import type { Draft } from "../drafting";
import type { Policy } from "../world";

const GUAN = "guan.";

/** Every system permission that some set gives, and the powers of Guan that are known here. */
function allOf(policy: Policy, powers: readonly string[]): string[] {
  const named = Object.values(policy.sets).flatMap(({ system }) => system ?? []);
  return [...new Set([...named, ...powers])].sort();
}

export function System(props: {
  policy: Policy;
  set: string;
  draft: Draft;
  may: boolean;
  onClose: () => void;
}) {
  const { policy, set, draft } = props;
  const say = useWords(words);
  const all = allOf(policy, useSession().data?.powers ?? []);
  const place = { kind: "set", id: set, path: ["system"] } as const;
  const held = (read(policy, draft.edits, place) ?? []) as readonly string[];
  const turn = (name: string, on: boolean) => {
    const next = on ? [...held, name].sort() : held.filter((one) => one !== name);
    draft.change([{ ...place, now: next.length > 0 ? next : undefined }]);
  };
  const part = (title: string, names: readonly string[]) => (
    <section>
      <h3 className="part">{title}</h3>
      <div className="checks">
        {names.map((name) => (
          <Checkbox
            key={name}
            checked={held.includes(name)}
            disabled={!props.may}
            onChange={(event) => turn(name, event.target.checked)}
          >
            <span className="code">{name}</span>
          </Checkbox>
        ))}
      </div>
    </section>
  );
  return (
    <Drawer open size={480} title={say("system")} onClose={props.onClose}>
      <p className="quiet">{say("systemAbout")}</p>
      {part(
        say("own"),
        all.filter((name) => !name.startsWith(GUAN)),
      )}
      {part(
        say("guan"),
        all.filter((name) => name.startsWith(GUAN)),
      )}
    </Drawer>
  );
}
