/** Two of something, side by side. What is compared stands in the address. */

import { SwapOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Segmented, Select } from "antd";
import { answer, api } from "../../api/client";
import { compare } from "../../i18n/compare";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { SetPicker, UserPicker } from "../../ui/choice";
import { moment } from "../../ui/moment";
import { PageHeader } from "../../ui/page";
import { Empty } from "../../ui/state";
import { Term } from "../../ui/term";
import { Matrices } from "./matrices";
import { Revisions } from "./revisions";

const KINDS = ["users", "sets", "revisions"] as const;
type Kind = (typeof KINDS)[number];
const kindOf = (text: string | undefined): Kind => KINDS.find((kind) => kind === text) ?? "users";

export default function Compare() {
  const say = useWords(compare);
  const [search, go] = useAddress();
  const kind = kindOf(search.kind);
  const { first, second } = search;
  const picker = (which: "first" | "second") => (
    <Picker
      kind={kind}
      label={say(which)}
      value={search[which]}
      onChange={(value) => go({ [which]: value }, "replace")}
    />
  );
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {say("about")} <Term name="revision" />
          </>
        }
      />
      <div className="sheet">
        <div className="tools">
          <Segmented
            aria-label={say("title")}
            value={kind}
            options={KINDS.map((value) => ({ value, label: say(value) }))}
            onChange={(value) => go({ kind: value, first: undefined, second: undefined })}
          />
        </div>
        <div className="tools" style={{ paddingTop: 0, flexWrap: "nowrap" }}>
          <div style={{ flex: 1 }}>{picker("first")}</div>
          <Button
            icon={<SwapOutlined />}
            aria-label={say("swap")}
            onClick={() => go({ first: second, second: first }, "replace")}
          />
          <div style={{ flex: 1 }}>{picker("second")}</div>
        </div>
      </div>
      <div style={{ marginTop: 16 }}>
        {first && second ? (
          <Shown key={kind} kind={kind} first={first} second={second} />
        ) : (
          <div className="sheet">
            <Empty title={say("start")}>{say("startWhy")}</Empty>
          </div>
        )}
      </div>
    </>
  );
}

function Shown(props: { kind: Kind; first: string; second: string }) {
  const { kind, first, second } = props;
  if (kind === "revisions") return <Revisions from={Number(first)} to={Number(second)} />;
  return <Matrices kind={kind} first={first} second={second} />;
}

function Picker(props: {
  kind: Kind;
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { kind, ...rest } = props;
  if (kind === "users") return <UserPicker {...rest} />;
  if (kind === "sets") return <SetPicker {...rest} />;
  return <RevisionPicker {...rest} />;
}

function RevisionPicker(props: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const say = useWords(compare);
  const found = useQuery({
    queryKey: ["revisions", "recent"],
    queryFn: () => answer(api.GET("/api/v1/revisions", { params: { query: { limit: 200 } } })),
  });
  return (
    <Select
      style={{ width: "100%" }}
      showSearch={{ optionFilterProp: "label" }}
      aria-label={props.label}
      placeholder={props.label}
      value={props.value ?? null}
      onChange={(value) => props.onChange(value ?? undefined)}
      options={(found.data?.items ?? []).map(({ number, at, reason }) => ({
        value: String(number),
        label: say("revision", { n: number, at: moment(at), reason }),
      }))}
    />
  );
}
