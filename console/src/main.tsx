import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./look.css";

// A page of an older version asks for a file that the present server does not have: load the present page.
window.addEventListener("vite:preloadError", () => window.location.reload());

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
