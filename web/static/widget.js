// For other sites of the provider: <script src="https://help.example.com/widget.js" data-lang="de"></script>
// puts a frame with search and current status where it stands. The frame can
// run no script and can open links only in a new tab.
"use strict";
{
const script = document.currentScript, lang = script.dataset.lang;
const frame = document.createElement("iframe");
frame.src = new URL((lang ? "/" + encodeURIComponent(lang) : "") + "/widget", script.src);
frame.title = script.dataset.title ?? "Help";
frame.setAttribute("sandbox", "allow-forms allow-popups allow-popups-to-escape-sandbox");
frame.loading = "lazy";
frame.width = script.dataset.width ?? "100%";
frame.height = script.dataset.height ?? "320";
frame.setAttribute("frameborder", "0");
script.after(frame);
}
