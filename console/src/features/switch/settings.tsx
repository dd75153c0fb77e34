/** The settings of the switch; what asks for less than before holds a day later, and is marked before it is saved. */
import { Link } from "@tanstack/react-router";
import { Alert, Button, Checkbox, Input, InputNumber, Select, Space } from "antd";
import { useState } from "react";
import { answer, api, type Schemas, type Tagged } from "../../api/client";
import { useChange } from "../../api/query";
import { settings as words } from "../../i18n/switch-settings";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { SWITCH } from "../../switch";
import { PageHeader } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import { Answered } from "../../ui/state";
import { useUnsaved } from "../../ui/unsaved";
import { Field } from "./form/field";
import { asksLess, CAUSES, SPANS, type SwitchSettings } from "./lenient";
import { at } from "./parts";
import { useNames, useSettings } from "./queries";

const MINUTE_MS = 60_000;

export default function Settings() {
  const say = useWords(words);
  const found = useSettings();
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={<Link to={"/switch" as string}>{say("back")}</Link>}
      />
      <Answered of={found}>{(shown) => <Form key={shown.etag} shown={shown} />}</Answered>
    </>
  );
}

function Form(props: { shown: Tagged<Schemas["SettingsShown"]> }) {
  const say = useWords(words);
  const nameOf = useNames();
  const may = useMay()(["guan.manage_settings"]);
  const { value, etag } = props.shown;
  const first = value.coming ?? value.settings;
  const [next, setNext] = useState<SwitchSettings>(first);
  const [reason, setReason] = useState("");
  const changed = JSON.stringify(next) !== JSON.stringify(first);
  useUnsaved(changed);
  const save = useChange(
    (body: Schemas["SettingsBody"]) =>
      answer(api.PUT("/api/v1/switch/settings", { headers: { "if-match": etag }, body })),
    [SWITCH],
  );
  const less = changed ? asksLess(value.settings, next) : [];
  return (
    <>
      {value.coming && (
        <Alert
          showIcon
          type="warning"
          className="gap"
          title={say("coming", { at: at(value.coming_from) })}
          description={say("comingWhy")}
        />
      )}
      {!may && <Alert showIcon type="info" className="gap" title={say("readOnly")} />}
      <section className="sheet asked">
        <h2>{say("approvals")}</h2>
        <div className="two">
          {CAUSES.map((cause) => (
            <Policy
              key={cause}
              cause={cause}
              may={may}
              policy={next.approvals?.[cause] ?? { kind: "one_other" }}
              onChange={(policy) =>
                setNext({ ...next, approvals: { ...next.approvals, [cause]: policy } })
              }
            />
          ))}
        </div>
      </section>
      <section className="sheet asked">
        <h2>{say("lengths")}</h2>
        <div className="two">
          {SPANS.map((name) => (
            <Field key={name} label={say(name)}>
              {(id) => (
                <Minutes
                  id={id}
                  disabled={!may}
                  ms={next[name] ?? 0}
                  onChange={(ms) => setNext({ ...next, [name]: ms })}
                />
              )}
            </Field>
          ))}
          <Idle next={next} may={may} onChange={(idle) => setNext({ ...next, idle })} />
        </div>
      </section>
      <section className="sheet asked">
        <p className="quiet">
          {value.changed_by
            ? say("changed", {
                by: nameOf(value.changed_by) ?? value.changed_by,
                at: at(value.changed_at),
              })
            : say("never")}
        </p>
        {less.length > 0 && (
          <Alert
            showIcon
            type="warning"
            className="gap"
            title={say("less")}
            description={say("lessWhat", { what: less.map((name) => say(name)).join(", ") })}
          />
        )}
        {may && (
          <>
            <Field label={say("reason")}>
              {(id) => (
                <Input id={id} value={reason} onChange={(event) => setReason(event.target.value)} />
              )}
            </Field>
            <ProblemNote error={save.error} />
            <Button
              type="primary"
              disabled={!changed || reason.trim() === ""}
              loading={save.isPending}
              onClick={() => save.mutate({ settings: next, reason: reason.trim() })}
            >
              {say("save")}
            </Button>
          </>
        )}
      </section>
    </>
  );
}

function Minutes(props: {
  id: string;
  ms: number;
  disabled: boolean;
  onChange: (ms: number) => void;
}) {
  const say = useWords(words);
  return (
    <Space>
      <InputNumber
        id={props.id}
        min={0}
        disabled={props.disabled}
        value={props.ms / MINUTE_MS}
        onChange={(minutes) => props.onChange(Math.round((minutes ?? 0) * MINUTE_MS))}
      />
      <span className="quiet">{say("minutes")}</span>
    </Space>
  );
}

const IDLE_MS = 20 * MINUTE_MS;

function Idle(props: {
  next: SwitchSettings;
  may: boolean;
  onChange: (idle: number | null) => void;
}) {
  const say = useWords(words);
  const { idle } = props.next;
  return (
    <div className="entry">
      <Checkbox
        disabled={!props.may}
        checked={idle != null}
        onChange={({ target }) => props.onChange(target.checked ? IDLE_MS : null)}
      >
        {say("idleOn")}
      </Checkbox>
      {idle != null && (
        <Field label={say("idle")}>
          {(id) => <Minutes id={id} disabled={!props.may} ms={idle} onChange={props.onChange} />}
        </Field>
      )}
    </div>
  );
}

function Policy(props: {
  cause: (typeof CAUSES)[number];
  policy: Schemas["ApprovalPolicy"];
  may: boolean;
  onChange: (policy: Schemas["ApprovalPolicy"]) => void;
}) {
  const say = useWords(words);
  const { policy, cause, may } = props;
  const kinds = cause === "protected" ? (["some_of"] as const) : KINDS;
  return (
    <div className="entry">
      <Field label={say(cause)} hint={say(`${cause}Why`)}>
        {(id) => (
          <Select
            id={id}
            disabled={!may}
            value={policy.kind}
            options={kinds.map((kind) => ({ value: kind, label: say(kind) }))}
            onChange={(kind) => props.onChange(kind === "some_of" ? { kind, count: 2 } : { kind })}
          />
        )}
      </Field>
      {policy.kind === "some_of" && (
        <>
          <Field label={say("count")}>
            {(id) => (
              <InputNumber
                id={id}
                min={cause === "protected" ? 2 : 1}
                disabled={!may}
                value={policy.count}
                onChange={(count) => props.onChange({ ...policy, count: count ?? 1 })}
              />
            )}
          </Field>
          <Field label={say("among")}>
            {(id) => (
              <Select
                id={id}
                mode="tags"
                disabled={!may}
                placeholder={say("amongHint")}
                value={policy.among ?? []}
                onChange={(among) => props.onChange({ ...policy, among })}
              />
            )}
          </Field>
        </>
      )}
    </div>
  );
}

const KINDS = ["none", "one_other", "some_of"] as const;
