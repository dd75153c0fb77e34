import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./look.css";
import { isReplaced } from "./replaced";

// A page of an older version asks for a file that the present server does not have: load the present page.
window.addEventListener("vite:preloadError", () => {
  // Where only the network is gone, everything stays on the screen as it stands.
  void isReplaced().then((yes) => yes && window.location.reload());
});

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
