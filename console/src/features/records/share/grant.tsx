/** Sharing with one more: whom, how far, until when. */
import { Button, DatePicker, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { inOneLanguage } from "../../../i18n/fields";
import { share } from "../../../i18n/share";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { ColleaguePick } from "../inputs";
import { useTargets, type Wanted } from "./queries";

type Kind = "user" | "group" | "node" | "node_and_below" | "internal";

const SEES_STRUCTURE = ["guan.manage_structure"];

export function Grant(props: { busy: boolean; onGrant: (wanted: Wanted, name: string) => void }) {
  const say = useWords(share);
  const may = useMay();
  const [kind, setKind] = useState<Kind>("user");
  const [to, setTo] = useState<{ id: string; name: string }>();
  const [rights, setRights] = useState("read");
  const [ends, setEnds] = useState<Dayjs | null>(null);
  const kinds: readonly (readonly [Kind, string])[] = [
    ["user", say("kindUser")],
    ...(may(SEES_STRUCTURE)
      ? ([
          ["group", say("kindGroup")],
          ["node", say("kindNode")],
          ["node_and_below", say("kindBelow")],
        ] as const)
      : []),
    ["internal", say("kindInternal")],
  ];
  const target = kind === "internal" ? "internal" : to && `${kind}:${to.id}`;
  const name = kind === "internal" ? say("kindInternal") : (to?.name ?? "");
  return (
    <form
      className="grant"
      aria-label={say("add")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!target) return;
        props.onGrant({ to: target, rights, ends: ends?.endOf("day").toISOString() }, name);
        setTo(undefined);
      }}
    >
      <Select
        aria-label={say("kind")}
        value={kind}
        options={kinds.map(([value, label]) => ({ value, label }))}
        onChange={(next: Kind) => {
          setKind(next);
          setTo(undefined);
        }}
      />
      {kind === "user" && (
        <ColleaguePick
          label={say("person")}
          value={to?.id}
          onChange={(id, called) => setTo(id ? { id, name: called ?? id } : undefined)}
        />
      )}
      {(kind === "group" || kind === "node" || kind === "node_and_below") && (
        <TargetPick kind={kind === "group" ? "group" : "node"} value={to?.id} onChange={setTo} />
      )}
      <Select
        aria-label={say("level")}
        value={rights}
        options={[
          { value: "read", label: say("read") },
          { value: "edit", label: say("edit") },
        ]}
        onChange={setRights}
      />
      <DatePicker
        aria-label={say("endsAt")}
        placeholder={say("endsAt")}
        value={ends}
        disabledDate={(day) => day.isBefore(new Date(), "day")}
        onChange={(day) => setEnds(Array.isArray(day) ? null : day)}
      />
      <Button type="primary" htmlType="submit" disabled={!target} loading={props.busy}>
        {say("act")}
      </Button>
    </form>
  );
}

function TargetPick(props: {
  kind: "group" | "node";
  value: string | undefined;
  onChange: (target: { id: string; name: string } | undefined) => void;
}) {
  const say = useWords(share);
  const at = useLanguage() === "en" ? 0 : 1;
  const [search, setSearch] = useState("");
  const found = useTargets(props.kind, search);
  const options = (found.data ?? []).map(({ id, name }) => ({
    value: id,
    label: inOneLanguage(name, at),
  }));
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setSearch }}
      allowClear
      aria-label={say(props.kind)}
      placeholder={say(props.kind)}
      value={props.value}
      loading={found.isFetching}
      notFoundContent={say("nothing")}
      options={options}
      onChange={(id: string | undefined) =>
        props.onChange(
          id ? { id, name: options.find(({ value }) => value === id)?.label ?? id } : undefined,
        )
      }
    />
  );
}
