/** Importing the configuration of another CRM: a zip goes in, a report comes out, and it is applied or not. */

import { InboxOutlined } from "@ant-design/icons";
import { Button, Select, Table, Upload } from "antd";
import type { Schemas } from "../../api/client";
import { useChange, useIntention } from "../../api/query";
import { imports } from "../../i18n/imports";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { useNames } from "../../ui/directory";
import { ActsHead, WholeFoot } from "../../ui/list";
import { Moment } from "../../ui/moment";
import { useNamed } from "../../ui/named";
import { PageHeader } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { ProblemNote } from "../../ui/problem";
import { Answered, Empty } from "../../ui/state";
import { Term } from "../../ui/term";
import { Job } from "./job";
import { begin, useJobs } from "./queries";

export default function Imports() {
  const say = useWords(imports);
  const [search] = useAddress();
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {say("about")} <Term name="loss" guide="import-salesforce" />
          </>
        }
      />
      {search.job ? (
        <Job key={search.job} job={search.job} />
      ) : (
        <>
          <Begin />
          <Jobs />
        </>
      )}
    </>
  );
}

function Begin() {
  const say = useWords(imports);
  const [, go] = useAddress();
  const intention = useIntention();
  const upload = useChange(begin, [["imports"]]);
  return (
    <div className="sheet" style={{ padding: 16, marginBottom: 16 }}>
      <div style={{ marginBottom: 12 }}>
        <Select
          style={{ width: 220 }}
          aria-label={say("source")}
          value="salesforce"
          options={[{ value: "salesforce", label: say("salesforce") }]}
        />
      </div>
      <Upload.Dragger
        accept=".zip,application/zip"
        maxCount={1}
        showUploadList={false}
        disabled={upload.isPending}
        beforeUpload={(file) => {
          upload.mutate(
            { file, source: "salesforce", key: intention.key() },
            {
              onSuccess: ({ id }) => {
                intention.done();
                go({ job: id });
              },
            },
          );
          return false;
        }}
      >
        <p>
          <InboxOutlined style={{ fontSize: 28 }} aria-hidden />
        </p>
        <p>
          <strong>
            {upload.isPending
              ? say("uploading", { name: upload.variables.file.name })
              : say("upload")}
          </strong>
        </p>
        <p className="quiet">{say("uploadWhy")}</p>
      </Upload.Dragger>
      <ProblemNote error={upload.error} />
    </div>
  );
}

function Jobs() {
  const say = useWords(imports);
  const found = useJobs();
  return (
    <div className="sheet">
      <div className="tools">
        <h2 className="part" style={{ margin: 0 }}>
          {say("jobs")}
        </h2>
      </div>
      <Answered of={found}>
        {({ items }) => <JobRows rows={items.filter(({ kind }) => kind === "import")} />}
      </Answered>
    </div>
  );
}

function JobRows(props: { rows: readonly Schemas["JobShown"][] }) {
  const say = useWords(imports);
  const state = useNamed(imports);
  const names = useNames();
  const [, go] = useAddress();
  const rows = [...props.rows].sort((a, b) => b.created.localeCompare(a.created));
  return (
    <>
      <Table
        rowKey="id"
        size="small"
        pagination={false}
        dataSource={rows}
        locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
        columns={[
          {
            key: "at",
            title: say("at"),
            width: 170,
            render: (_, row) => <Moment seconds at={row.created} />,
          },
          {
            key: "by",
            title: say("by"),
            render: (_, row) => <PersonTag id={row.author} name={names.user(row.author)} />,
          },
          { key: "state", title: say("state"), render: (_, row) => state(row.state) },
          {
            key: "understood",
            title: say("understood"),
            align: "right",
            render: (_, { found: of }) => (
              <span className="number">{of ? `${of.understood} / ${of.bearing}` : "–"}</span>
            ),
          },
          {
            key: "differences",
            title: say("differences"),
            align: "right",
            render: (_, { found: of }) => <span className="number">{of?.differences ?? "–"}</span>,
          },
          {
            key: "open",
            title: <ActsHead />,
            width: 90,
            render: (_, row) => (
              <Button size="small" onClick={() => go({ job: row.id })}>
                {say("open")}
              </Button>
            ),
          },
        ]}
      />
      <WholeFoot shown={rows.length} all={rows.length} why={say("few")} />
    </>
  );
}
