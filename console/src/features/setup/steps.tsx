/** What each step of the setup offers; what changes the policy is previewed first. */
import { Link } from "@tanstack/react-router";
import { Alert, Button, Form, Input, InputNumber, Radio } from "antd";
import { useState } from "react";
import { setup } from "../../i18n/setup";
import { useWords } from "../../i18n/words";
import { useColleagues, useNodes, useObjects } from "../../ui/directory";
import { type Edits, Revise } from "../../ui/revise";
import { Answered } from "../../ui/state";
import { beginning, departments, people, type Read } from "./lines";
import { type Step, useOrganization } from "./progress";

type Baseline = "private" | "read" | "edit";
/** The tree that departments pasted here stand in. */
const TREE = "departments";

export function Content(props: { step: Step }) {
  const say = useWords(setup);
  const link = (why: "importWhy" | "tryWhy", to: string, go: "importGo" | "tryGo") => (
    <>
      <p>{say(why)}</p>
      <p>
        <Link to={to as string}>{say(go)}</Link>
      </p>
    </>
  );
  if (props.step === "organization") return <Organization />;
  if (props.step === "departments") return <Departments />;
  if (props.step === "people") return <People />;
  if (props.step === "access") return <Access />;
  if (props.step === "import") return link("importWhy", "/imports", "importGo");
  if (props.step === "trying") return link("tryWhy", "/explain", "tryGo");
  return (
    <>
      <p>{say("safetyWhy")}</p>
      <p>
        <Link to={"/backups" as string}>{say("backupGo")}</Link>
      </p>
      <p>
        <Link to={"/grants?add=yes&what=set%3Aguan_approval" as string}>{say("approverGo")}</Link>
      </p>
    </>
  );
}

function Previewed(props: { edits: Edits; title: string; disabled?: boolean }) {
  const say = useWords(setup);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        type="primary"
        style={{ marginRight: 8 }}
        disabled={props.disabled ?? false}
        onClick={() => setOpen(true)}
      >
        {say("preview")}
      </Button>
      {open && <Revise title={props.title} edits={props.edits} onDone={close} onCancel={close} />}
    </>
  );
}

function Organization() {
  const say = useWords(setup);
  const found = useOrganization();
  const [name, setName] = useState<string>();
  const [zone, setZone] = useState<number>();
  return (
    <Answered of={found}>
      {(now) => {
        const content = {
          ...now,
          name: name ?? now.name ?? "",
          utc_offset_minutes: zone ?? now.utc_offset_minutes ?? 0,
        };
        return (
          <Form layout="vertical">
            <p className="quiet">{say("organizationWhy")}</p>
            <Form.Item label={say("name")} htmlFor="organization-name">
              <Input
                id="organization-name"
                value={content.name}
                onChange={(event) => setName(event.target.value)}
              />
            </Form.Item>
            <Form.Item label={say("zone")} extra={say("zoneHint")} htmlFor="organization-zone">
              <InputNumber
                id="organization-zone"
                min={-720}
                max={840}
                step={30}
                value={content.utc_offset_minutes}
                onChange={(value) => setZone(value ?? 0)}
              />
            </Form.Item>
            <Previewed
              title={say("organization")}
              disabled={JSON.stringify(content) === JSON.stringify(now)}
              edits={{ put: [{ kind: "organization", id: "", content: content as never }] }}
            />
          </Form>
        );
      }}
    </Answered>
  );
}

function Pasted(props: {
  why: string;
  count: number;
  sample: string;
  read: (text: string) => Read;
  title: string;
  before?: Edits["put"];
}) {
  const say = useWords(setup);
  const [text, setText] = useState("");
  const read = props.read(text);
  return (
    <>
      <p className="quiet">{props.why}</p>
      <p className="number">{say("count", { n: props.count })}</p>
      <Input.TextArea
        className="code"
        aria-label={say("lines")}
        placeholder={props.sample}
        rows={12}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p role="status">{say("linesRead", { n: read.lines })}</p>
      {read.faults.length > 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={read.faults.map(({ line, why, id }) => (
            <div key={line}>
              {say("lineBad", {
                n: line,
                why: why === "idMissing" ? say("idMissing") : say("departmentUnknown", { id }),
              })}
            </div>
          ))}
        />
      )}
      <Previewed
        title={props.title}
        disabled={read.lines === 0 || read.faults.length > 0}
        edits={{ put: [...(props.before ?? []), ...read.put] }}
      />
    </>
  );
}

function Departments() {
  const say = useWords(setup);
  const nodes = useNodes().data ?? [];
  const known = new Set(nodes.map(({ id }) => id));
  const has = nodes.some(({ content }) => content.tree === TREE);
  const tree = { kind: "tree", id: TREE, content: { name: say("tree"), kind: "unit" } as never };
  return (
    <Pasted
      why={say("departmentsWhy")}
      count={nodes.length}
      sample={say("departmentsSample")}
      read={(text) => departments(text, TREE, known)}
      title={say("departments")}
      before={has ? [] : [tree]}
    />
  );
}

function People() {
  const say = useWords(setup);
  const nodes = useNodes().data ?? [];
  const users = useColleagues().data ?? [];
  const known = new Set(nodes.map(({ id }) => id));
  return (
    <Pasted
      why={say("peopleWhy")}
      count={users.length}
      sample={say("peopleSample")}
      read={(text) => people(text, known)}
      title={say("people")}
    />
  );
}

function Access() {
  const say = useWords(setup);
  const found = useObjects();
  const [baseline, setBaseline] = useState<Baseline>("private");
  return (
    <Answered of={found}>
      {(objects) => {
        const put =
          objects.length === 0
            ? beginning(baseline, say("sales"))
            : objects.map(({ id, content }) => ({
                kind: "object",
                id,
                content: {
                  ...content,
                  baseline: { ...content.baseline, internal: baseline },
                } as never,
              }));
        return (
          <>
            <p className="quiet">{say("accessWhy")}</p>
            <Radio.Group
              style={{ display: "grid", gap: 8, marginBottom: 12 }}
              value={baseline}
              options={(["private", "read", "edit"] as const).map((value) => ({
                value,
                label: say(value),
              }))}
              onChange={(event) => setBaseline(event.target.value)}
            />
            <p>
              {objects.length === 0 ? say("noObjects") : say("hasObjects", { n: objects.length })}
            </p>
            <Previewed title={say("access")} edits={{ put }} />
          </>
        );
      }}
    </Answered>
  );
}
