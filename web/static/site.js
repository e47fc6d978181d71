// What the pages can do better with a script. All of it works without.
"use strict";
{
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = document.body.dataset; // the texts, in the page's language
const make = (tag, props, ...children) => {
	const e = Object.assign(document.createElement(tag), props);
	e.append(...children);
	return e;
};
const remember = (store, key, value) => {
	try {
		return value === undefined ? store.getItem(key) : store.setItem(key, value);
	} catch { return null; } // storage may be forbidden
};

// Search as you type: the combobox of the ARIA Authoring Practices.
const searchBox = form => {
	const field = $("input", form);
	const status = make("p", { className: "vh", role: "status" });
	const list = make("ul", { id: "hits", role: "listbox", ariaLabel: $("label", form).textContent, hidden: true });
	let results = [], active = -1, timer, request;
	for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "hits", "aria-expanded": "false" })) field.setAttribute(name, value);
	form.append(list, status);

	const choose = i => {
		active = i;
		[...list.children].forEach((li, n) => li.setAttribute("aria-selected", n === i));
		if (i < 0) field.removeAttribute("aria-activedescendant");
		else {
			field.setAttribute("aria-activedescendant", "hit-" + i);
			list.children[i].scrollIntoView({ block: "nearest" });
		}
	};
	const show = open => {
		list.hidden = !open;
		field.setAttribute("aria-expanded", open);
		choose(-1);
		if (!open) status.textContent = "";
	};
	const forget = () => { // what is still on its way would open the list again
		clearTimeout(timer);
		request?.abort();
		show(false);
	};
	const go = i => {
		forget();
		remember(sessionStorage, "q", field.value.trim());
		const r = results[i];
		chose(r.url, i + 1);
		location.href = r.anchor && !r.url.includes("#") ? r.url + "#" + r.anchor : r.url;
	};
	const draw = () => {
		list.replaceChildren(...results.map((r, i) => {
			const li = make("li", { id: "hit-" + i, role: "option" }, make("b", {}, r.title));
			if (r.section) li.append(make("small", {}, r.section));
			else if (r.snippet) li.append(make("small", {}, new DOMParser().parseFromString(r.snippet, "text/html").body.textContent));
			li.addEventListener("mousedown", event => { event.preventDefault(); go(i); });
			return li;
		}));
		show(results.length > 0);
		status.textContent = results.length ? say.hits.replace("{n}", results.length) : say.nohits;
	};
	const ask = async () => {
		request?.abort();
		const words = field.value.trim();
		request = new AbortController();
		try {
			const answer = await fetch("/api/v1/search?" + new URLSearchParams({ q: words, lang: say.lang, limit: 7 }), { signal: request.signal });
			if (!answer.ok) return;
			results = (await answer.json()).results;
			if (document.activeElement === field) draw();
		} catch { /* typed on, or offline: the form still works */ }
	};
	field.addEventListener("input", () => {
		choose(-1);
		clearTimeout(timer);
		if (field.value.trim().length > 1) timer = setTimeout(ask, 120);
		else { results = []; forget(); }
	});
	field.addEventListener("blur", forget);
	field.addEventListener("keydown", event => {
		const n = results.length, down = event.key === "ArrowDown";
		if (event.isComposing) return; // the keys belong to the input method
		if (event.key === "Escape") {
			if (!list.hidden) event.preventDefault();
			forget();
		} else if (event.key === "Enter" && active >= 0) { event.preventDefault(); go(active); }
		else if ((down || event.key === "ArrowUp") && n) {
			event.preventDefault();
			if (event.altKey) show(down);
			else {
				if (list.hidden) show(true);
				choose(down ? (active + 2) % (n + 1) - 1 : (active + n + 1) % (n + 1) - 1);
			}
		} else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) choose(-1); // back in the text
	});
	form.addEventListener("submit", () => remember(sessionStorage, "q", field.value.trim()));
};
$$(".search").forEach(searchBox);

document.addEventListener("keydown", event => {
	if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
	event.preventDefault();
	$("#q")?.select();
});

// Platforms: the visitor's is shown, the choice is remembered, and a link to
// something inside another platform's block shows that one.
const platforms = () => {
	const bar = $(".switch"), blocks = $$(".platform[data-platform]");
	if (!bar || !blocks.length) return;
	const known = $$("button", bar).map(b => b.value);
	const of = block => block.dataset.platform.split(" ");
	const detect = () => {
		const agent = navigator.userAgent;
		return /android/i.test(agent) ? "android" : /iphone|ipad|ipod/i.test(agent) || /mac/i.test(agent) && navigator.maxTouchPoints > 1 ? "ios"
			: /mac/i.test(agent) ? "macos" : /windows/i.test(agent) ? "windows" : /linux|x11/i.test(agent) ? "linux" : "";
	};
	const select = platform => {
		const all = !known.includes(platform);
		for (const block of blocks) block.hidden = !all && !of(block).includes(platform);
		for (const b of $$("button", bar)) b.setAttribute("aria-pressed", all ? b.value === "" : b.value === platform);
		document.documentElement.classList.toggle("switched", !all);
	};
	const fragment = () => {
		const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
		const block = target && target.closest(".platform[hidden]");
		if (!block) return false;
		select(of(block)[0]);
		target.scrollIntoView();
		return true;
	};
	bar.append(make("button", { type: "button", value: "" }, say.all));
	bar.hidden = false;
	bar.addEventListener("click", event => {
		const button = event.target.closest("button");
		if (!button) return;
		remember(localStorage, "platform", button.value);
		select(button.value);
	});
	addEventListener("hashchange", fragment);
	const wanted = new URLSearchParams(location.search).get("p");
	const kept = remember(localStorage, "platform");
	select(known.includes(wanted) ? wanted : known.includes(kept) || kept === "" ? kept : detect());
	fragment();
};
platforms();

// Copy buttons beside every value of a settings table; values can change.
const said = make("p", { className: "vh", role: "status" });
const copy = (button, text) => navigator.clipboard.writeText(text).then(() => {
	button.dataset.word ??= button.textContent;
	button.textContent = said.textContent = say.copied;
	clearTimeout(button.timer);
	button.timer = setTimeout(() => { button.textContent = button.dataset.word; said.textContent = ""; }, 1500);
}, () => {}); // it may be forbidden
let count = 0;
const copies = () => {
	for (const value of $$("[data-copy]")) {
		value.id ||= "value-" + ++count;
		const button = make("button", { type: "button", className: "copybtn", id: "copy-" + value.id }, say.copyword);
		button.setAttribute("aria-labelledby", button.id + " " + value.id);
		button.addEventListener("click", () => copy(button, value.textContent));
		value.after(button);
	}
};
if (navigator.clipboard && say.copyword) {
	document.body.append(said);
	copies();
	document.addEventListener("signpost:main", copies); // the set-up page put new content in place
	$("[data-copy-link]")?.addEventListener("click", event => {
		if (event.ctrlKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		copy(event.target, event.target.href);
	});
}

// Times: the visitor's own, written as the server does. Those of the author and
// UTC stay behind it where the page gives both, and in the tooltip elsewhere.
const day = new Intl.DateTimeFormat(say.lang === "en" ? "en-GB" : say.lang, { dateStyle: "long" });
const two = n => String(n).padStart(2, 0);
const clock = at => say.clock.replace("{hour}", two(at.getHours())).replace("{minute}", two(at.getMinutes()));
const written = (from, to) => { // two times of one day share its date
	const date = day.format(from), same = to && day.format(to) === date;
	return say.time.replace("{date}", date).replace("{time}", clock(from) + (same ? "–" + clock(to) : "")) + (to && !same ? " – " + written(to) : "");
};
const elsewhere = ({ dateTime }) => { // the author's clock shows another time than the visitor's
	const at = new Date(dateTime);
	return dateTime[10] === "T" && dateTime.slice(8, 16) !== `${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
};
const times = () => {
	for (const when of $$("[data-when]")) {
		const [from, to] = $$("time", when), utc = $(".utc", when);
		if (!elsewhere(from) && !(to && elsewhere(to))) continue;
		const own = make("span", {}, written(new Date(from.dateTime), to && new Date(to.dateTime)));
		const others = make("details", {}, make("summary", { title: say.zones }, say.yours), make("span", {}, ...[...when.childNodes].filter(node => node !== utc)));
		if (utc) others.append(utc);
		when.removeAttribute("data-when");
		when.replaceChildren(own, " ", others);
	}
	for (const time of $$("time")) {
		if (time.closest(".when") || !elsewhere(time)) continue;
		time.title = time.textContent;
		time.textContent = written(new Date(time.dateTime));
	}
};
times();

// A vote knows which search led here, and which reply. The reply's mark then
// leaves the address, so that it is not passed on.
const vote = $(".vote form");
if (vote) {
	const url = new URL(location.href);
	vote.elements.r.value = url.searchParams.get("r") ?? "";
	vote.addEventListener("submit", () => { vote.elements.q.value = remember(sessionStorage, "q") ?? ""; });
	if (url.searchParams.has("r")) {
		url.searchParams.delete("r");
		history.replaceState(history.state, "", url);
	}
}

// Which result was chosen, for the list of searches that lead nowhere.
const chose = (url, position) => navigator.sendBeacon?.("/search/click", new URLSearchParams({ url, position }));
$(".results")?.addEventListener("click", event => {
	const link = event.target.closest("a"), items = [...event.currentTarget.children];
	if (link) chose(link.pathname, items.indexOf(link.closest("li")) + 1);
});
}
