/** Bringing records in from a file: choose, map, try out, apply; what does not fit comes back as a file. */
import { InboxOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Steps, Upload } from "antd";
import { useState } from "react";
import { objectName } from "../../../i18n/objects";
import { records } from "../../../i18n/records";
import { transfer } from "../../../i18n/transfer";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMyObjects } from "../../../session";
import { usePart } from "../../../ui/address";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import type { ObjectInfo } from "../model";
import { Refused } from "../refused";
import { Columns } from "./columns";
import { guess } from "./mapping";
import { Outcome, Running } from "./outcome";
import { type ImportOutcome, importFile, type Mapping, type Progress } from "./port";
import { type Head, headOf } from "./sheet";

type Chosen = { file: File; head: Head };

export default function Import() {
  const id = usePart("object");
  const say = useWords(transfer);
  const sayRecords = useWords(records);
  const at = useLanguage() === "en" ? 0 : 1;
  return (
    <Answered of={useMyObjects()}>
      {(objects) => {
        const object = objects.find((one) => one.id === id);
        if (!object) return <Empty title={sayRecords("missing")} />;
        const may = object.actions.includes("import");
        return (
          <>
            <PageHeader
              title={say("title", { what: objectName(object, at) })}
              about={say("about")}
              acts={
                <Link to={`/records/${id}` as string}>
                  <Button>{say("toList")}</Button>
                </Link>
              }
            />
            <div className="sheet padded">
              {may ? <Walk key={id} object={object} /> : <Empty>{say("notOpen")}</Empty>}
            </div>
          </>
        );
      }}
    </Answered>
  );
}

function Walk(props: { object: ObjectInfo }) {
  const say = useWords(transfer);
  const client = useQueryClient();
  const { object } = props;
  const [chosen, setChosen] = useState<Chosen>();
  const [unread, setUnread] = useState(false);
  const [mapping, setMapping] = useState<Mapping>({});
  const [outcome, setOutcome] = useState<ImportOutcome>();
  const [progress, setProgress] = useState<Progress>();
  const [error, setError] = useState<unknown>();
  const step = stepOf(chosen, outcome);
  const choose = async (file: File) => {
    setUnread(false);
    const head = await headOf(file).catch(() => ({ columns: [], sample: [] }));
    if (head.columns.length === 0) {
      setUnread(true);
      return;
    }
    setChosen({ file, head });
    setMapping(guess(object, head.columns));
  };
  const run = async (dry: boolean) => {
    if (!chosen) return;
    setError(undefined);
    try {
      setOutcome(await importFile(object.id, chosen.file, mapping, dry, setProgress));
      if (!dry) await client.invalidateQueries({ queryKey: ["records", object.id] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setProgress(undefined);
    }
  };
  const restart = () => {
    setChosen(undefined);
    setOutcome(undefined);
    setError(undefined);
  };
  return (
    <div className="stack">
      <Steps
        size="small"
        current={step}
        items={[
          { title: say("stepFile") },
          { title: say("stepMap") },
          { title: say("stepTry") },
          { title: say("stepDone") },
        ]}
      />
      {!chosen && <Drop onChosen={(file) => void choose(file)} />}
      {unread && <Alert showIcon type="warning" title={say("unreadable")} />}
      <Refused error={error} tried={{ action: "import", object: object.id }} />
      {chosen && !outcome && !progress && (
        <Columns
          object={object}
          head={chosen.head}
          mapping={mapping}
          onMapping={setMapping}
          onBack={restart}
          onTry={() => void run(true)}
        />
      )}
      {chosen && progress && (
        <Running
          progress={progress}
          words={say(outcome ? "applying" : "trying", { name: chosen.file.name })}
        />
      )}
      {chosen && outcome && !progress && (
        <Outcome
          object={object.id}
          file={chosen.file}
          mapping={mapping}
          outcome={outcome}
          onBack={() => setOutcome(undefined)}
          onApply={() => void run(false)}
          onAgain={restart}
        />
      )}
    </div>
  );
}

function stepOf(chosen: Chosen | undefined, outcome: ImportOutcome | undefined): number {
  if (!chosen) return 0;
  if (!outcome) return 1;
  return outcome.dry_run ? 2 : 3;
}

function Drop(props: { onChosen: (file: File) => void }) {
  const say = useWords(transfer);
  return (
    <Upload.Dragger
      accept=".csv,.xlsx,text/csv"
      maxCount={1}
      showUploadList={false}
      beforeUpload={(file) => {
        props.onChosen(file);
        return false;
      }}
    >
      <p className="drop-mark">
        <InboxOutlined aria-hidden />
      </p>
      <p>{say("drop")}</p>
      <p className="quiet">{say("dropHint")}</p>
    </Upload.Dragger>
  );
}
