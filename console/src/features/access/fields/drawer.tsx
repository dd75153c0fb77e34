/** The properties of a field: how sensitive it is, how it looks masked, and who sees it without a set. */
import { Button, Checkbox, Drawer, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { masks as words } from "../../../i18n/masks";
import { useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { Facts } from "../../../ui/page";
import { Missing } from "../../../ui/state";
import { read } from "../draft";
import type { Draft } from "../drafting";
import { type Policy, useFieldName } from "../world";
import { kept, type Mask, masked, type Sort, sampleFor, sortOf } from "./mask";
import { fieldOf } from "./rows";

const CLASSES = ["personal", "sensitive", "financial", "protected"] as const;
const KEEP: Mask = { keep: { first: 3, last: 4 } };
const LENGTH_MAX = 255;

const SORTS: Readonly<Record<Sort, Mask | undefined>> = {
  none: undefined,
  full: "full",
  keep: KEEP,
  mail: "mail",
};

export function FieldDrawer(props: {
  policy: Policy;
  draft: Draft;
  object: string;
  field: string;
  onClose: () => void;
}) {
  const { policy, draft, object, field: id } = props;
  const say = useWords(words);
  const may = useMay()(["guan.manage_objects"]);
  const fieldName = useFieldName();
  const field = fieldOf({ policy, edits: draft.edits, object }, id);
  const isThere = policy.objects[object]?.fields?.[id] !== undefined;
  const set = (name: string, now: unknown) =>
    draft.change([{ kind: "object", id: object, path: ["fields", id, name], now }]);
  const mode = say(policy.objects[object]?.field_mode === "open" ? "opened" : "closed");
  return (
    <Drawer
      open
      size={520}
      title={say("detailsOf", { field: fieldName(id, field) })}
      onClose={props.onClose}
    >
      {!isThere ? (
        <Missing />
      ) : (
        <>
          <Facts
            rows={[
              [
                "ID",
                <span key="id" className="code">
                  {id}
                </span>,
              ],
              [say("type"), say(field.type ?? "text")],
              ...(field.read_only ? [["", say("readOnly")] as const] : []),
            ]}
          />
          <h3 className="part">{say("class")}</h3>
          <Select
            aria-label={say("class")}
            style={{ width: "100%" }}
            disabled={!may}
            value={field.class ?? ""}
            options={[
              { value: "", label: say("noClass") },
              ...CLASSES.map((one) => ({ value: one as string, label: say(one) })),
            ]}
            onChange={(one) => set("class", one || undefined)}
          />
          <p className="quiet">{say("classWhy")}</p>
          <h3 className="part">{say("mask")}</h3>
          <MaskChoice id={id} mask={field.mask} may={may} onChange={(mask) => set("mask", mask)} />
          <h3 className="part">{say("reveal")}</h3>
          <Reveal policy={policy} draft={draft} />
          <h3 className="part">{say("open")}</h3>
          <Select
            aria-label={say("open")}
            style={{ width: "100%" }}
            disabled={!may}
            value={field.secured == null ? "mode" : String(field.secured)}
            options={[
              { value: "mode", label: say("byObject", { mode }) },
              { value: "true", label: say("secured") },
              { value: "false", label: say("unsecured") },
            ]}
            onChange={(one) => set("secured", one === "mode" ? undefined : one === "true")}
          />
          <p>
            <Checkbox
              disabled={!may}
              checked={field.searchable ?? false}
              onChange={({ target }) => set("searchable", target.checked || undefined)}
            >
              {say("searchable")}
            </Checkbox>
          </p>
        </>
      )}
    </Drawer>
  );
}

/** The custom action by which masked values may be shown once. */
const REVEAL = { kind: "action", id: "reveal", path: [] } as const;

function Reveal(props: { policy: Policy; draft: Draft }) {
  const { policy, draft } = props;
  const say = useWords(words);
  const may = useMay()(["guan.manage_sets"]);
  if (read(policy, draft.edits, REVEAL)) return <p className="quiet">{say("revealIs")}</p>;
  return (
    <>
      <p className="quiet">{say("revealNone")}</p>
      <Button disabled={!may} onClick={() => draft.change([{ ...REVEAL, now: { needs: "read" } }])}>
        {say("revealDefine")}
      </Button>
    </>
  );
}

function MaskChoice(props: {
  id: string;
  mask: Mask | null | undefined;
  may: boolean;
  onChange: (mask: Mask | undefined) => void;
}) {
  const { id, mask, may } = props;
  const say = useWords(words);
  const [sample, setSample] = useState(() => sampleFor(id));
  const sort = sortOf(mask);
  const { first, last } = kept(mask);
  const keep = (change: { first?: number; last?: number }) =>
    props.onChange({ keep: { first, last, ...change } });
  return (
    <>
      <Select<Sort>
        aria-label={say("mask")}
        style={{ width: "100%" }}
        disabled={!may}
        value={sort}
        options={[
          { value: "none", label: say("noMask") },
          { value: "full", label: say("full") },
          { value: "keep", label: say("keep") },
          { value: "mail", label: say("mail") },
        ]}
        onChange={(next) => props.onChange(SORTS[next])}
      />
      {sort === "keep" && (
        <div className="halves">
          <div>
            <label htmlFor="first">{say("first")}</label>
            <InputNumber
              id="first"
              min={0}
              max={LENGTH_MAX}
              disabled={!may}
              value={first}
              onChange={(n) => keep({ first: n ?? 0 })}
            />
          </div>
          <div>
            <label htmlFor="last">{say("last")}</label>
            <InputNumber
              id="last"
              min={0}
              max={LENGTH_MAX}
              disabled={!may}
              value={last}
              onChange={(n) => keep({ last: n ?? 0 })}
            />
          </div>
        </div>
      )}
      <div className="halves">
        <div>
          <label htmlFor="sample">{say("sample")}</label>
          <Input id="sample" value={sample} onChange={({ target }) => setSample(target.value)} />
        </div>
        <div>
          {say("looks")}
          <output className="code sample">{masked(mask, sample)}</output>
        </div>
      </div>
      <p className="quiet">{say("sampleHint")}</p>
    </>
  );
}
