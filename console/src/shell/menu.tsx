/** The menu where a window is narrow: behind a button, over the screen, and away again when something is chosen. */
import { MenuOutlined } from "@ant-design/icons";
import { useLocation } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { useEffect, useState } from "react";
import { shell } from "../i18n/shell";
import { useWords } from "../i18n/words";
import { Rail } from "./rail";

export default function Menu() {
  const say = useWords(shell);
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is chosen leads to another place
  useEffect(() => setOpen(false), [pathname]);
  return (
    <>
      <Button
        type="text"
        icon={<MenuOutlined />}
        aria-label={say("menu")}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      />
      <Drawer
        open={open}
        placement="left"
        size={280}
        title="Guan 关"
        styles={{ body: { padding: 0 } }}
        onClose={() => setOpen(false)}
      >
        <Rail />
      </Drawer>
    </>
  );
}
