// The agents' pages: suggestions while the ticket is pasted, one key for each
// thing that is done all day. Without it the same forms work by button.
"use strict";
{
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = document.body.dataset;
const toast = $(".toast");
const limit = 1 << 20, enough = 12000; // characters of a ticket that teach an article its words
const tell = text => {
	toast.textContent = text;
	clearTimeout(toast.timer);
	toast.timer = setTimeout(() => { toast.textContent = ""; }, 2500);
};
const blob = (type, text) => new Blob([text], { type });

// put writes both forms of a text into the clipboard. The texts may still be
// on their way: browsers want the write to begin while the key is pressed. Of
// two that are on their way the one asked for last is pasted.
let turn = 0;
const put = async (plain, html) => {
	const mine = ++turn, last = text => { if (mine !== turn) throw new Error("asked for another"); return text; };
	const items = { "text/plain": Promise.resolve(plain).then(t => blob("text/plain", last(t))) };
	if (html) items["text/html"] = Promise.resolve(html).then(t => blob("text/html", last(t)));
	try {
		try { await navigator.clipboard.write([new ClipboardItem(items)]); }
		catch { await navigator.clipboard.writeText(last(await plain)); }
		tell(say.copied);
	} catch { if (mine === turn) tell(say.failed); }
};
const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);

// The editor page: each button copies one field.
for (const button of $$("[data-from]")) button.addEventListener("click", () => {
	const value = document.getElementById(button.dataset.from).value;
	if (button.dataset.from === "as-html") put(document.getElementById("as-text").value, value);
	else if (button.dataset.from === "link") put(value, `<a href="${escape(value)}">${escape($("h1").textContent)}</a>`);
	else put(value);
	const filters = $(".filters"); // a copied link counts as sent
	const body = new FormData(filters);
	body.set("article", filters.dataset.article);
	body.set("format", button.dataset.from.replace("as-", ""));
	body.delete("address");
	fetch(say.root + "/agent/sent", { method: "POST", body, keepalive: true }).catch(() => {});
});

// The agents' search: the link of an article that was found.
for (const button of $$("[data-copylink]")) {
	button.hidden = false;
	button.addEventListener("click", () => {
		const r = fetch(say.root + "/agent/reply", { method: "POST", body: new URLSearchParams({ csrf: say.csrf, kind: "article", format: "link", lang: say.lang, ...button.dataset }) })
			.then(answer => { if (!answer.ok) throw answer; return answer.json(); });
		put(r.then(x => x.url), r.then(x => `<a href="${escape(x.url)}">${escape($("a", button.closest("li")).textContent)}</a>`));
	});
}
const editorKeys = { l: "link", t: "as-text", m: "as-markdown", h: "as-html" };

// The desk.
const form = $(".ticket"), answers = $("[data-answers]"), found = $("[data-found]");
const choices = ["platform", "lang", "address"];
let chosen = null, timer, request;

const choose = li => {
	chosen = li;
	for (const other of $$(".suggestions > li")) other.toggleAttribute("data-chosen", other === li);
};
const ask = async extra => { // extra: more fields
	clearTimeout(timer);
	const body = new FormData(form);
	if (body.get("text").length > limit || body.get("file")?.size > limit) { tell(say.toolarge); return; }
	if (!body.get("text").trim() && !body.get("file")?.size) return;
	for (const name of choices) if (!form.elements[name].dataset.touched) body.set(name, ""); // what was detected in the last ticket
	for (const [name, value] of Object.entries(extra ?? {})) body.set(name, value);
	request?.abort();
	request = new AbortController();
	answers.setAttribute("aria-busy", "true");
	try {
		const answer = await fetch(form.action, { method: "POST", body, signal: request.signal });
		if (answer.redirected) { tell(say.signedout); answers.removeAttribute("aria-busy"); return; }
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		answers.replaceChildren(...$("[data-answers]", page).childNodes);
		const text = $("textarea", page).value;
		if (body.get("file")?.size) { form.elements.text.value = text; form.elements.file.value = ""; }
		for (const name of choices) if (!form.elements[name].dataset.touched) form.elements[name].value = $(`[name=${name}]`, page).value;
		offer();
		choose($(".suggestions:not(.possible) > li"));
		const failed = $("#desk-error", page);
		if (failed) answers.prepend(failed);
		else found.textContent = found.dataset.found.replace("{n}", $$(".suggestions > li").length);
		if (extra?.gap && $(".state.ok", answers)) tell(say.noted);
	} catch (failure) {
		if (failure.name !== "AbortError") tell(say.failed);
	}
	answers.removeAttribute("aria-busy");
};

// offer shows the answer "no" beside each incident that might fit: it takes the line away.
const offer = () => { for (const no of $$("[data-not]")) no.hidden = false; };

// reply asks for what to paste: {url, text, html}.
const reply = async (kind, format) => {
	const body = new FormData(form);
	body.delete("file");
	body.set("text", body.get("text").slice(0, enough));
	for (const [name, value] of Object.entries({ kind, format, article: chosen?.dataset.article ?? "", anchor: chosen?.dataset.anchor ?? "" })) body.set(name, value);
	const answer = await fetch(say.root + "/agent/reply", { method: "POST", body });
	if (!answer.ok) throw answer;
	return answer.json();
};
const copyAs = (kind, format) => {
	if (kind === "article" && !chosen) return;
	const r = reply(kind, format);
	if (format === "link") put(r.then(x => x.url), r.then(x => `<a href="${escape(x.url)}">${escape(chosen ? $("h2 a", chosen).textContent : x.url)}</a>`));
	else put(r.then(x => format === "markdown" ? x.markdown : x.text), format === "html" ? r.then(x => x.html) : null);
};
const deskKeys = {
	l: () => copyAs("article", "link"),
	t: () => copyAs("article", "text"),
	m: () => copyAs("article", "markdown"),
	h: () => copyAs("article", "html"),
	s: () => copyAs("settings", "html"),
	i: () => $("[data-answers] > .incident [data-reply]")?.click(),
	e: () => chosen && $(".actions button", chosen).click(),
	g: () => ask({ gap: "1" }),
	"/": () => form.elements.text.focus(),
};

if (form) {
	form.addEventListener("submit", event => {
		if (event.submitter?.formAction && event.submitter.form === form && event.submitter.name === "from") { // to the editor
			form.elements.text.value = form.elements.text.value.slice(0, enough);
			form.elements.file.value = "";
			return;
		}
		event.preventDefault();
		ask(event.submitter?.name === "gap" ? { gap: "1" } : {});
	});
	form.elements.text.addEventListener("input", () => {
		if (!form.elements.text.value.trim()) for (const name of choices) delete form.elements[name].dataset.touched; // the next customer
		clearTimeout(timer);
		timer = setTimeout(ask, 350);
	});
	for (const name of choices) form.elements[name].addEventListener("change", event => { event.target.dataset.touched = "1"; ask(); });
	form.elements.file.addEventListener("change", () => ask());
	form.addEventListener("dragover", event => event.preventDefault());
	form.addEventListener("drop", event => {
		if (!event.dataTransfer.files.length) return;
		event.preventDefault();
		form.elements.file.files = event.dataTransfer.files;
		ask();
	});
	answers.addEventListener("click", event => {
		const incident = event.target.closest("[data-reply]"), li = event.target.closest(".suggestions > li");
		const no = event.target.closest("[data-not]");
		if (no) { no.previousElementSibling.remove(); no.remove(); }
		else if (incident) put(incident.dataset.reply, incident.dataset.replyHtml);
		else if (li && !event.target.closest("a, button")) choose(li);
	});
	const handed = () => { // by the bookmarklet
		if (!location.hash.startsWith("#text=")) return;
		form.elements.text.value = decodeURIComponent(location.hash.slice(6));
		history.replaceState(null, "", location.pathname);
		ask();
	};
	addEventListener("hashchange", handed);
	handed();
	offer();
	choose($(".suggestions:not(.possible) > li"));
}

document.addEventListener("keydown", event => {
	const inField = event.target.closest("input, textarea, select");
	if (event.key === "Escape" && inField) { inField.blur(); return; }
	if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
	const number = Number(event.key), action = form && deskKeys[event.key], field = !form && editorKeys[event.key];
	if (form && number >= 1 && number <= 5) {
		choose($$(".suggestions > li")[number - 1] ?? chosen);
		if (chosen) $("h2 a", chosen).focus(); // Enter opens it, and it is read out
	}
	else if (action) action();
	else if (field) $(`[data-from=${field}]`)?.click();
	else return;
	event.preventDefault();
});
}
