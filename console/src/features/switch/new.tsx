/** Asking for a window: what, for whom, how long and why, with the whole of it in one sentence beside it. */
import { useNavigate } from "@tanstack/react-router";
import { Alert, Button, ConfigProvider } from "antd";
import { useEffect, useState } from "react";
import { answer, api } from "../../api/client";
import { useChange, useIntention } from "../../api/query";
import { form as formWords } from "../../i18n/switch-form";
import { useWords } from "../../i18n/words";
import { SWITCH } from "../../switch";
import { useAddress } from "../../ui/address";
import { PageHeader } from "../../ui/page";
import { Answered } from "../../ui/state";
import { What } from "./form/what";
import { When } from "./form/when";
import { Whom } from "./form/whom";
import { RuleNote, useSentence } from "./parts";
import { type Shown, useRequest, useSettings } from "./queries";
import { Stages } from "./stages";
import { EMPTY, type Form, longest_ms, missing, toForm, toWanted } from "./wanted";

const KEPT = "guan.switch.form";

function kept(): Form {
  try {
    return { ...EMPTY, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return EMPTY;
  }
}

export default function New() {
  const [search] = useAddress();
  const source = search.edit ?? search.copy ?? search.extend;
  return source ? <From key={source} request={source} /> : <Ask first={kept()} />;
}

/** Begins with what another request asked for: to change it, to ask for the same again, or for more time. */
function From(props: { request: string }) {
  const [search] = useAddress();
  const found = useRequest(props.request);
  return (
    <Answered of={found}>
      {(shown) => {
        const form = { ...toForm(shown.request.wanted), extends: "" };
        if (search.edit) return <Ask first={toForm(shown.request.wanted)} edited={shown} />;
        const overlay = search.extend ? (shown.request.opened?.overlay ?? "") : "";
        return <Ask first={{ ...form, emergency: false, extends: overlay }} />;
      }}
    </Answered>
  );
}

function send(form: Form, edited: Shown | undefined, key: string): Promise<Shown> {
  const body = toWanted(form);
  if (!edited) {
    const headers = { "idempotency-key": key };
    return answer(api.POST("/api/v1/switch/requests", { params: { header: headers }, body }));
  }
  return answer(
    api.PUT("/api/v1/switch/requests/{request}", {
      params: { path: { request: edited.request.id } },
      headers: { "if-match": `"${edited.request.version}"` },
      body,
    }),
  );
}

/** What opens stays with its field when the screen is scrolled, and can be scrolled to. */
const beside = (field?: HTMLElement) => field?.parentElement ?? document.body;

function Ask(props: { first: Form; edited?: Shown }) {
  const say = useWords(formWords);
  const navigate = useNavigate();
  const intention = useIntention();
  const [form, setForm] = useState(props.first);
  const { edited } = props;
  const isNew = !edited && !form.extends;
  useEffect(() => {
    if (isNew) sessionStorage.setItem(KEPT, JSON.stringify(form));
  }, [form, isNew]);
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }));
  const asked = useChange((wanted: Form) => send(wanted, edited, intention.key()), [SWITCH]);
  const submit = () =>
    asked.mutate(form, {
      onSuccess: ({ request }) => {
        intention.done();
        if (isNew) sessionStorage.removeItem(KEPT);
        void navigate({
          to: `/switch/${request.id}` as string,
          search: { next: "preview" } as never,
        });
      },
    });
  const title = say(edited ? "edit" : form.extends ? "extend" : "title");
  return (
    <>
      <PageHeader title={title} about={say("about")} />
      <Stages at="describe" emergency={form.emergency} />
      {edited && <Alert showIcon type="info" title={say("editing")} className="gap" />}
      {form.extends && <Alert showIcon type="info" title={say("extending")} className="gap" />}
      <div className="asking">
        <ConfigProvider getPopupContainer={beside}>
          <div>
            <Part number={1} title={say("what")}>
              <What form={form} change={change} />
            </Part>
            <Part number={2} title={say("whom")}>
              <Whom form={form} change={change} />
            </Part>
            <Part number={3} title={say("long")}>
              <When form={form} change={change} />
            </Part>
          </div>
        </ConfigProvider>
        <Summary
          form={form}
          busy={asked.isPending}
          error={asked.error}
          onSend={submit}
          onDiscard={isNew ? () => setForm(EMPTY) : undefined}
        />
      </div>
    </>
  );
}

function Part(props: { number: number; title: string; children: React.ReactNode }) {
  return (
    <section className="sheet asked" aria-label={props.title}>
      <h2>
        <span className="round" aria-hidden>
          {props.number}
        </span>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}

function Summary(props: {
  form: Form;
  busy: boolean;
  error: unknown;
  onSend: () => void;
  onDiscard: (() => void) | undefined;
}) {
  const say = useWords(formWords);
  const sentence = useSentence();
  const settings = useSettings().data?.value.settings;
  const still = missing(props.form, longest_ms(props.form, settings));
  const words = {
    what: say("stillWhat"),
    whom: say("stillWhom"),
    network: say("stillNetwork"),
    long: say("stillLong"),
    why: say("stillWhy"),
  };
  const said = !still.includes("what") && !still.includes("whom");
  return (
    <aside className="sheet asked summary" aria-label={say("summary")}>
      <h2>{say("summary")}</h2>
      {said && <p className="sentence">{sentence(toWanted(props.form))}</p>}
      {still.length > 0 && (
        <ul>
          {still.map((part) => (
            <li key={part}>{words[part]}</li>
          ))}
        </ul>
      )}
      <RuleNote error={props.error} />
      <Button
        type="primary"
        size="large"
        block
        disabled={still.length > 0}
        loading={props.busy}
        onClick={props.onSend}
      >
        {say("next")}
      </Button>
      <p className="quiet">{say("nextWhy")}</p>
      {props.onDiscard && (
        <Button type="link" size="small" className="plain" onClick={props.onDiscard}>
          {say("discard")}
        </Button>
      )}
    </aside>
  );
}
