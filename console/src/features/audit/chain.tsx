/** Whether the log holds: its length, its verification, the text to keep elsewhere, and the export. */
import { CheckCircleFilled, CloseCircleFilled, DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Popover, Space, Typography } from "antd";
import { answer, api } from "../../api/client";
import { useChange } from "../../api/query";
import { audit } from "../../i18n/audit";
import { useWords } from "../../i18n/words";
import { ProblemNote } from "../../ui/problem";

export function Chain() {
  const say = useWords(audit);
  const end = useQuery({
    queryKey: ["ledger", "end"],
    queryFn: () => answer(api.GET("/api/v1/ledger/end")),
  });
  const verify = useChange(
    () => answer(api.GET("/api/v1/ledger/verification")),
    [["ledger", "end"]],
  );
  const size = end.data?.tip?.size ?? 0;
  return (
    <div>
      <Space wrap>
        <Popover
          trigger="click"
          content={
            <div style={{ maxWidth: 420 }}>
              <p>{say("anchor")}</p>
              <Typography.Text className="code" copyable>
                {end.data?.text ?? ""}
              </Typography.Text>
            </div>
          }
        >
          {end.data ? (
            <Button>{size > 0 ? say("chain", { n: size }) : say("chainEmpty")}</Button>
          ) : (
            <Button loading={end.isPending} aria-label={say("title")} />
          )}
        </Popover>
        <Button loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
          {say("verify")}
        </Button>
        <Button icon={<DownloadOutlined />} href="/api/v1/ledger/export" download="ledger.jsonl">
          {say("export")}
        </Button>
      </Space>
      <div role="status" style={{ marginTop: 6, textAlign: "right" }}>
        {verify.data &&
          (verify.data.holds ? (
            <span className="verdict allow">
              <CheckCircleFilled aria-hidden /> {say("holds", { n: verify.data.rows })}
            </span>
          ) : (
            <span className="verdict deny">
              <CloseCircleFilled aria-hidden />{" "}
              {say("broken", { problem: verify.data.problem ?? "" })}
            </span>
          ))}
      </div>
      <ProblemNote error={verify.error} />
    </div>
  );
}
