/** What stands above the grid of fields: which object, which fields and sets, bulk fill, and the default of new fields. */
import { Button, Segmented, Select } from "antd";
import { access } from "../../../i18n/access";
import { masks as words } from "../../../i18n/masks";
import { useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { useAddress } from "../../../ui/address";
import { TermHelp } from "../../../ui/help";
import { SearchBox } from "../../../ui/list";
import { read } from "../draft";
import type { Draft } from "../drafting";
import { Fill } from "../grid/fill";
import { type Policy, useObjectName } from "../world";
import { RevealLimits } from "./reveals";
import type { Only } from "./rows";

export function Tools(props: {
  policy: Policy;
  object: string;
  draft: Draft;
  only: Only;
  which: "giving" | "all";
  /** The field of the row with the focus. */
  field: string | undefined;
  count: number;
  onObject: (object: string) => void;
  onFill: ((word: string) => void) | undefined;
}) {
  const { policy, object, draft, field } = props;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const objectName = useObjectName(policy);
  const mayObjects = useMay()(["guan.manage_objects"]);
  const [, go] = useAddress();
  const place = { kind: "object", id: object, path: ["field_mode"] } as const;
  const mode = read(policy, draft.edits, place);
  return (
    <>
      <div className="tools">
        <Select
          showSearch={{ optionFilterProp: "label" }}
          aria-label={say("object")}
          value={object}
          style={{ width: 190 }}
          options={Object.keys(policy.objects).map((id) => ({ value: id, label: objectName(id) }))}
          onChange={props.onObject}
        />
        <SearchBox placeholder={say("search")} width={170} />
        <Segmented<Only>
          aria-label={say("only")}
          value={props.only}
          options={[
            { value: "all", label: say("everything") },
            { value: "classified", label: say("classified") },
            { value: "changed", label: say("changedOnly") },
          ]}
          onChange={(show) => go({ show: show === "all" ? undefined : show }, "replace")}
        />
        <Select
          aria-label={say("setsShown")}
          value={props.which}
          style={{ width: 190 }}
          options={[
            { value: "giving", label: say("setsGiving") },
            { value: "all", label: say("setsAll") },
          ]}
          onChange={(next) => go({ sets: next === "all" ? "all" : undefined }, "replace")}
        />
        {props.onFill && <Fill count={props.count} kinds={["access"]} onChoose={props.onFill} />}
        <span className="rest">
          <TermHelp term={say("title")}>
            {say("legend")} {sayAccess("keys")}
          </TermHelp>
        </span>
      </div>
      <div className="tools under">
        <label htmlFor="mode">{say("mode")}</label>
        <Select
          id="mode"
          disabled={!mayObjects}
          value={mode === "open" ? "open" : "closed"}
          style={{ width: 260 }}
          options={[
            { value: "closed", label: say("modeClosed") },
            { value: "open", label: say("modeOpen") },
          ]}
          onChange={(next) => draft.change([{ ...place, now: next }])}
        />
        <TermHelp term={say("mode")}>{say("modeWhy")}</TermHelp>
        <span className="rest">
          <RevealLimits policy={policy} />
        </span>
        {field !== undefined && <Button onClick={() => go({ field })}>{say("details")}</Button>}
      </div>
    </>
  );
}
