// What is typed → links, from the index that the build made (generator/search/index.py). No page is touched here, so that the same
// rules run in the browser, in `tarjotin search` and in the measurements. Words are compared by their keys: see words.py.
"use strict";
globalThis.search = (() => {
  const ENOUGH = 0.45;

  const fold = (text, gap) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replace(/z/g, "ts").replace(/[^a-z0-9]+/g, gap);
  const single = (text) => text.replace(/(.)\1+/g, "$1");
  const key = (text) => {
    const letters = fold(text, "");
    return single(letters)[1] ? single(letters) : letters; // "AA" stays
  };
  const parts = (text) => text.split(/[\s,;:/()&+]+/);
  const even = (text) => text.replace(/ks/g, "s"); // yhdistys : yhdistyksen
  // A hyphen is a gap, and is not: "Pohjois-Savon" is typed whole, or one of its parts.
  const folded = (name) => even(single(fold(` ${name} ${name.replace(/-/g, "")} `, " ")));

  // Stem → [entry, how much it tells of it]. A stem after "~" is of a phrase, and tells less when it is alone.
  const vocabulary = (entries) => {
    const stems = new Map();
    entries.forEach(([, , words], entry) => words.split(" ").forEach((word) => {
      const stem = word.replace("~", "");
      stems.set(stem, [...stems.get(stem) ?? [], [entry, stem === word ? 1 : 0.6]]);
    }));
    return stems;
  };

  const top = (found) => Math.max(0, ...found.values());
  const best = (found) => [...found].sort((a, b) => b[1] - a[1])[0]?.[0];

  // "f32.1", "F3210" → the longest code that begins it, else all of the same three characters: "Z63.9" → Z63.0, Z63.4 …
  const ofCode = (typed, codes) => {
    const known = Object.keys(codes); // sorted, without dots
    const longest = known.filter((code) => typed.startsWith(code)).pop();
    return codes[longest] ?? known.filter((code) => code.startsWith(typed.slice(0, 3))).flatMap((code) => codes[code]);
  };

  const open = (index) => {
    const { needs, types, places, icpc2, icd10, fillers } = index;
    const ending = new RegExp(`^(?:${index.endings})$`);
    const ends = (typed, stem) => typed.startsWith(stem) && ending.test(typed.slice(stem.length));
    const [ofNeed, ofType, ofPlace] = [needs, types, places].map(vocabulary);
    const isFiller = (word) => fillers.some((filler) => ends(word, filler));
    const tails = [...fillers, ...index.tails, ...ofType.keys()];
    const canFollow = (word) => tails.some((tail) => ends(word, tail)); // in a compound

    // Whether a letter is in its neighbour's place; in a longer word, also whether one is missing, extra or wrong.
    const isSlip = (typed, stem) => {
      let at = 0;
      while (at < stem.length && typed[at] === stem[at]) at += 1;
      const [rest, here, next] = [stem.slice(at), typed.slice(at), typed.slice(at + 1)];
      return (here[0] === rest[1] && here[1] === rest[0] && ends(here.slice(2), rest.slice(2)))
        || (typed.length > 5 && (ends(next, rest.slice(1)) || ends(next, rest) || ends(here, rest.slice(1))));
    };

    // Entry → how surely a typed word means it: the word or a form of it, a compound that begins or ends with it, its beginning only;
    // when nothing of these, a slip of the fingers.
    const match = (typed, stems) => {
      const found = new Map();
      const add = (stem, sure, least = 0) => stems.get(stem).forEach(([entry, weight]) =>
        weight > least && found.set(entry, Math.max(found.get(entry) ?? 0, sure * weight)));
      const sureness = (stem, rest) => {
        if (!rest) return 1;
        if (stem.length > 2 && ending.test(rest)) return 0.95;
        return (stem.length > 2 || rest.length > 4) && canFollow(rest) ? 0.9 : stem.length > 4 ? 0.55 : 0;
      };
      for (let from = 0; from === 0 || from + 5 <= typed.length; from += from ? 1 : 3) {
        for (let to = typed.length; to >= from + (from ? 5 : 2); to -= 1) {
          const stem = typed.slice(from, to);
          if (stems.has(stem) && (!from || typed.length < to + 4)) {
            add(stem, sureness(stem, typed.slice(to)) * (from ? 0.8 : 1), from && 0.9);
          }
        }
      }
      if (typed.length > 2) {
        for (const stem of stems.keys()) if (stem.startsWith(typed)) add(stem, 0.6 + 0.35 * typed.length / stem.length);
      }
      if (typed.length > 4 && top(found) < 0.6) {
        for (const stem of stems.keys()) if (stem.length > 4 && stem[0] === typed[0] && isSlip(typed, stem)) add(stem, 0.75);
      }
      return found;
    };
    const numbers = new Map(places.flatMap(([, , , codes], place) => codes.split(" ").map((code) => [code, place])));
    const nothing = new Map();

    const read = (part) => {
      if (/^[a-z]\d\d/i.test(part)) {
        const code = part.toUpperCase().replace(/\W/g, "");
        const found = new Map(ofCode(code, icd10).map((need) => [need, 0.99]));
        if (!found.size || !code[3]) for (const need of ofCode(code, icpc2)) found.set(need, 1); // P76.01 is in neither
        return { needs: found, types: nothing, places: nothing };
      }
      if (numbers.has(part)) return { needs: nothing, types: nothing, places: new Map([[numbers.get(part), 1]]) };
      const typed = key(part);
      return {
        typed, needs: match(typed, ofNeed), types: match(typed, ofType), places: match(typed, ofPlace),
        isFiller: isFiller(typed),
      };
    };

    // Words that are one, or say something only together: "ruoka apua", "en halua elää".
    const join = (words) => [2, 3].forEach((size) => words.forEach((_, at) => {
      const together = words.slice(at, at + size);
      if (together.length < size || together.some(({ typed }) => !typed)) return;
      for (const [need, sure] of match(key(together.map(({ typed }) => typed).join("")), ofNeed)) {
        if (sure > 0.9) for (const word of together) word.needs.set(need, sure);
      }
    }));

    const isPlace = ({ needs, types, places }) => {
      const sure = top(places);
      return sure > 0.7 && (sure > 0.9 ? sure >= top(needs) : sure + 0.1 >= Math.max(top(needs), top(types)));
    };

    // [need, type or undefined, how much of what was typed it answers], the best first. A kind of activity alone answers with the
    // needs that have most of it.
    const rank = (words) => {
      const counted = words.some((word) => !word.isFiller) ? words.filter((word) => !word.isFiller) : words;
      const kind = best(words.find(({ types }) => top(types) > 0.8)?.types ?? nothing);
      const ranked = needs.map((_, need) => {
        const isType = ({ types, needs }) => types.has(kind) && types.get(kind) > Math.max(0.8, needs.get(need) ?? 0);
        const type = words.length > 1 && words.some(isType) ? kind : undefined;
        const sure = ({ needs, types }) => Math.max(needs.get(need) ?? 0, 0.9 * (types.get(type) ?? 0));
        const about = Math.max(0, ...words.map(({ needs }) => needs.get(need) ?? 0));
        const sum = words.reduce((total, word) => total + sure(word) * (counted.includes(word) ? 1 : 0.1), 0);
        return [need, type, about < ENOUGH ? 0 : sum / Math.min(counted.length, 2)];
      }).filter(([, , score]) => score >= ENOUGH).sort((a, b) => b[2] - a[2]).slice(0, 4);
      return ranked.length || kind === undefined ? ranked : types[kind][3].map((need) => [need, kind, ENOUGH]);
    };

    const needLinks = (ranked, place) => ranked.flatMap(([need, type], at) => {
      const [id, label] = needs[need];
      const link = (kind, type) => ({
        kind,
        path: `tarve/${id}/${place ? `${type?.[0] ?? "kaikki"}/${place[0]}/` : type ? `${type[0]}/` : ""}`,
        label: [label, type?.[1], place?.[1]].filter(Boolean).join(" · "),
      });
      const kind = place ? "results" : "need";
      return type === undefined ? [link(kind)] : [link(kind, types[type]), ...(at ? [] : [link(kind)])];
    });

    // How well a name, as folded() gives it, says a typed word: as itself or its beginning, in a form of it, or inside it.
    const says = (typed) => {
      const begins = new RegExp(` ${typed}(\\w*)`);
      const stems = [...typed].map((_, at) => typed.slice(0, at)).filter((stem) => stem.length > 3 && ends(typed, stem));
      const formed = new RegExp(` (?:${stems.join("|") || " "})\\w? `);
      return (name) => {
        const found = begins.exec(name);
        if (found) return 0.6 + 0.4 * typed.length / (typed.length + found[1].length);
        return formed.test(name) ? 0.9 : typed.length > 4 && name.includes(typed) ? 0.6 : 0;
      };
    };

    // An association's name and its activities' as links, with what is compared; made once.
    const linksOf = (organisation) => {
      if (!known.has(organisation)) {
        const [slug, name, activities] = organisation;
        known.set(organisation, [["organisation", "", name], ...activities.map(([id, title]) => ["activity", `#${id}`, `${title} · ${name}`])]
          .map(([kind, part, label]) => ({ kind, path: `jarjesto/${slug}/${part}`, label, folded: folded(label) })));
      }
      return known.get(organisation);
    };
    const known = new WeakMap();

    // Associations by name, and those of whose activities one says more.
    const organisationLinks = (words, organisations) => {
      const asked = words.filter((word) => word.typed?.length > 1 && !word.isFiller).map(({ typed }) => says(even(typed)));
      const best = (links) => links.map((link) => ({ ...link, score: asked.reduce((sum, by) => sum + by(link.folded), 0) / asked.length }))
        .reduce((a, b) => (b.score > a.score ? b : a));
      return organisations.map((one) => best(linksOf(one))).filter(({ score }) => score > 0.6).sort((a, b) => b.score - a.score).slice(0, 6);
    };

    // Links, the likeliest first: { kind, path without the language's prefix, label }. `own`: the professional's own municipality,
    // offered besides when none was typed.
    const find = (text, organisations, own) => {
      const words = parts(text).filter((part) => key(part)).map(read);
      join(words);
      const placed = words.filter(isPlace).sort((a, b) => top(b.places) - top(a.places))[0];
      const place = placed && places[best(placed.places)];
      const others = words[1] ? words.filter((word) => word !== placed) : words; // a lone "kuo" may be a need, too
      const ranked = rank(others);
      const asked = needLinks(ranked, words.length > 1 && place);
      const home = places.find(([id]) => id === own);
      if (ranked.length && !place && home) asked.splice(1, 0, needLinks(ranked, home)[0]);
      const town = place ? [{ kind: "place", path: `kunta/${place[0]}/`, label: place[1] }] : [];
      const named = organisationLinks(others, organisations);
      const isTown = place && !words[1] && top(placed.places) > 0.95;
      return !isTown && named[0]?.score > (ranked[0]?.[2] ?? 0) + 0.15 ? [...named, ...asked, ...town] : [...asked, ...town, ...named];
    };

    // The first letters by which the associations of a large region are fetched.
    const shards = (text) => parts(text).map((part) => key(part).slice(0, 2)).filter((start) => index.shards?.includes(start));

    return { find, shards };
  };
  return { key, open };
})();
