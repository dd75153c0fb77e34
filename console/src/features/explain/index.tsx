/** The access explainer. The question stands in the address, so an answer can be sent as a link. */
import { LinkOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Input, Space, Tabs } from "antd";
import { explain } from "../../i18n/explain";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useAddress } from "../../ui/address";
import { PageHeader } from "../../ui/page";
import { Answered, Empty } from "../../ui/state";
import { Answer } from "./answer";
import { QuestionForm } from "./form";
import { useExplained } from "./queries";
import { asked, explanationOf, type Question } from "./question";
import { Who } from "./who";

export default function Explain() {
  const say = useWords(explain);
  const may = useMay();
  const navigate = useNavigate();
  const [search, go] = useAddress();
  const question: Question = search;
  const tabs = [
    { key: "why", label: say("why"), children: <Why question={question} /> },
    ...(may(["guan.ask_about_others"])
      ? [{ key: "who-can", label: say("whoSees"), children: <Who question={question} /> }]
      : []),
  ];
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          <Space>
            <CopyLink />
            <Input.Search
              style={{ width: 260 }}
              aria-label={say("pastHint")}
              placeholder={say("pastHint")}
              enterButton={say("pastGo")}
              onSearch={(n) => {
                if (/^\d+$/.test(n.trim())) void navigate({ to: `/explain/${n.trim()}` as string });
              }}
            />
          </Space>
        }
      />
      <div className="split">
        <section className="sheet" aria-label={say("question")}>
          <QuestionForm
            key={JSON.stringify(question)}
            question={question}
            onAsk={({ who, act, object, record, fields, at, from }) =>
              go({ who, act, object, record, fields, at, from })
            }
          />
        </section>
        <section className="sheet">
          <Tabs
            activeKey={search.tab ?? "why"}
            items={tabs}
            destroyOnHidden
            onChange={(tab) => go({ tab }, "replace")}
          />
        </section>
      </div>
    </>
  );
}

function Why(props: { question: Question }) {
  const say = useWords(explain);
  const found = useExplained(props.question);
  if (asked(props.question) === null) {
    return <Empty title={say("start")}>{say("startWhy")}</Empty>;
  }
  return (
    <Answered of={found}>
      {(answer) => <Answer answer={explanationOf(answer)} question={props.question} />}
    </Answered>
  );
}

function CopyLink() {
  const say = useWords(explain);
  const { message } = App.useApp();
  // The clipboard exists on HTTPS alone; elsewhere the address bar does.
  if (!navigator.clipboard) return null;
  return (
    <Button
      type="text"
      icon={<LinkOutlined />}
      onClick={() =>
        void navigator.clipboard
          .writeText(window.location.href)
          .then(() => message.success(say("copied")))
      }
    >
      {say("link")}
    </Button>
  );
}
