/** One request with everything that is known of it, and its decision for who may make it. */

import { Link } from "@tanstack/react-router";
import { Button, DatePicker, Drawer, Form, Radio, Select, Space } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { actions } from "../../i18n/decision";
import { objectName } from "../../i18n/objects";
import { requests } from "../../i18n/requests";
import { useLanguage, useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { SetPicker } from "../../ui/choice";
import { useNames } from "../../ui/directory";
import { Moment } from "../../ui/moment";
import { useNamed } from "../../ui/named";
import { Facts } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import { Answered } from "../../ui/state";
import { RecordTag, useTitles } from "../../ui/titles";
import { StateTag, useLength, Words } from "./parts";
import { type Request, useDecide, useRequest } from "./queries";

const RIGHTS = ["read", "edit", "full"] as const;

export function Decide(props: { id: string; onClose: () => void }) {
  const say = useWords(requests);
  const found = useRequest(props.id);
  return (
    <Drawer open size={560} title={say("request", { id: props.id })} onClose={props.onClose}>
      <Answered of={found}>
        {(request) => (
          <>
            <About request={request} />
            {request.may.includes("refuse") && <Deciding request={request} />}
            {request.may.includes("withdraw") && <Withdraw id={request.id} />}
          </>
        )}
      </Answered>
    </Drawer>
  );
}

function About(props: { request: Request }) {
  const say = useWords(requests);
  const at = useLanguage() === "en" ? 0 : 1;
  const act = useNamed(actions);
  const names = useNames();
  const length = useLength();
  const may = useMay();
  const { request } = props;
  const titles = useTitles([request]);
  const { given } = request;
  const right = (rights: string) => {
    const known = RIGHTS.find((one) => one === rights);
    return known ? say(known) : rights;
  };
  const question = new URLSearchParams({
    who: request.asker,
    act: request.action,
    object: request.object,
    ...(request.record ? { record: request.record } : {}),
  });
  const why =
    request.reference != null
      ? `/explain/${request.reference}`
      : may(["guan.ask_about_others"]) && `/explain?${question}`;
  return (
    <>
      <Facts
        rows={[
          [say("state"), <StateTag key="state" request={request} />],
          [say("who"), names.user(request.asker)],
          [
            say("what"),
            <span key="what">
              {act(request.action)} · {objectName({ id: request.object, name: request.object }, at)}{" "}
              {request.record && (
                <RecordTag object={request.object} record={request.record} titles={titles} />
              )}
            </span>,
          ],
          [say("length"), length(request.length_s)],
          [say("reason"), request.reason],
          [say("asked"), <Moment key="asked" at={request.asked} />],
          ...(request.state === "open" || request.state === "lapsed"
            ? []
            : ([
                [
                  say("decided"),
                  <span key="decided">
                    {names.user(request.changed_by)} · <Moment at={request.changed} />
                  </span>,
                ],
              ] as const)),
          ...(request.words ? ([[say("words"), request.words]] as const) : []),
          ...(given
            ? ([
                [
                  say("given"),
                  given.rights
                    ? say("givenShare", { rights: right(given.rights) })
                    : say("givenSet", { name: given.name ?? given.what ?? "" }),
                ],
                [say("ends"), <Moment key="ends" at={given.ends} />],
              ] as const)
            : []),
        ]}
      />
      {why && (
        <p>
          <Link to={why as string}>{say("why")}</Link>
        </p>
      )}
    </>
  );
}

function Deciding(props: { request: Request }) {
  const say = useWords(requests);
  const { request } = props;
  const decide = useDecide(request.id);
  const ways = (["share", "assign"] as const).filter((way) => request.may.includes(way));
  const [way, setWay] = useState<"share" | "assign">(ways[0] ?? "share");
  const [rights, setRights] = useState<string>(request.action === "read" ? "read" : "edit");
  const [what, setWhat] = useState<string>();
  const [ends, setEnds] = useState<Dayjs | null>(() => dayjs().add(request.length_s, "second"));
  const [words, setWords] = useState("");
  const body = { ends: ends?.toISOString() ?? "", words: words.trim() };
  const grant = way === "share" ? { rights, ...body } : { what: what ?? null, ...body };
  const ready = ends !== null && (way === "share" || what !== undefined);
  return (
    <Form layout="vertical" requiredMark={false} style={{ marginTop: 16 }}>
      <Form.Item label={say("way")} help={say(way === "share" ? "shareWhy" : "assignWhy")}>
        <Radio.Group
          aria-label={say("way")}
          value={way}
          onChange={(event) => setWay(event.target.value)}
          options={ways.map((value) => ({ value, label: say(value) }))}
        />
      </Form.Item>
      {way === "share" ? (
        <Form.Item label={say("rights")} htmlFor="grant-rights">
          <Select
            id="grant-rights"
            aria-label={say("rights")}
            value={rights}
            options={RIGHTS.map((value) => ({ value, label: say(value) }))}
            onChange={setRights}
          />
        </Form.Item>
      ) : (
        <Form.Item label={say("set")}>
          <SetPicker label={say("set")} value={what} onChange={setWhat} />
        </Form.Item>
      )}
      <Form.Item label={say("ends")} htmlFor="grant-ends" help={say("endsWhy")}>
        <DatePicker
          id="grant-ends"
          showTime
          allowClear={false}
          aria-label={say("ends")}
          value={ends}
          onChange={setEnds}
        />
      </Form.Item>
      <Words
        id="grant-words"
        label={say("words")}
        hint={say("wordsHint")}
        help={say("refuseNeeds")}
        rows={2}
        value={words}
        onChange={setWords}
      />
      <Space>
        <Button
          type="primary"
          disabled={!ready}
          loading={decide.isPending}
          onClick={() => decide.mutate({ grant })}
        >
          {say("grant")}
        </Button>
        <Button
          danger
          disabled={words.trim() === "" || decide.isPending}
          onClick={() => decide.mutate({ refuse: { words: words.trim() } })}
        >
          {say("refuse")}
        </Button>
      </Space>
      <div style={{ marginTop: 12 }}>
        <ProblemNote error={decide.error} />
      </div>
    </Form>
  );
}

function Withdraw(props: { id: string }) {
  const say = useWords(requests);
  const decide = useDecide(props.id);
  return (
    <>
      <Button danger loading={decide.isPending} onClick={() => decide.mutate({ withdraw: true })}>
        {say("withdraw")}
      </Button>
      <ProblemNote error={decide.error} />
    </>
  );
}
