namespace LargeRec.Retrieval.Reports;

/// <summary>The style of every page. Series take colours that people with the usual colour blindnesses can tell apart (Okabe and Ito 2008), lighter in the
/// dark.</summary>
internal static class HtmlStyle
{
    public const string Text = """
        :root { color-scheme: light dark; --ground: #ffffff; --panel: #f5f6f8; --ink: #1c2230; --soft: #5b6475; --rule: #d9dde5;
          --c1: #0064a6; --c2: #c25700; --c3: #00805f; --c4: #a8488a; --c5: #8a6d00; --c6: #3a8fc4; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171d; --panel: #1d2129; --ink: #e4e7ee; --soft: #9aa3b4; --rule: #343a46;
          --c1: #62b5ee; --c2: #f0913f; --c3: #3fc79e; --c4: #dd8fc1; --c5: #d8bb48; --c6: #9fd0f0; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--rule); }
        p { margin: .4rem 0; max-width: 46rem; overflow-wrap: anywhere; }
        .note { color: var(--soft); font-size: .875rem; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.1rem 0; }
        .figures div { background: var(--panel); border-radius: .5rem; padding: .7rem .9rem; display: flex; flex-direction: column; }
        .figures .name { font-size: .875rem; }
        .figures .value { font-size: 1.7rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .925rem; }
        th, td { padding: .28rem .9rem .28rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
        thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
        tbody th { font-weight: 400; white-space: nowrap; }
        td { overflow-wrap: anywhere; }
        .numbers td, .numbers thead th + th { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding: .28rem 0 .28rem 1.1rem; }
        pre { background: var(--panel); border-radius: .5rem; padding: .75rem .9rem; overflow-x: auto;
            font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        code { font: inherit; }
        details { margin: .6rem 0; }
        summary { cursor: pointer; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem; margin: .8rem 0; }
        .charts > figure:only-child { max-width: 40rem; }
        figure { margin: 0; min-width: 0; }
        figcaption { font-size: .925rem; margin-bottom: .2rem; display: flex; flex-wrap: wrap; gap: .1rem .9rem; align-items: baseline; }
        .key { color: var(--soft); white-space: nowrap; }
        .key::before { content: ""; display: inline-block; width: 1.1em; margin-right: .35em; vertical-align: .25em; border-top: 3px solid currentColor; }
        .key.reference::before { border-top-style: dashed; }
        .key.single::before { width: .55em; height: .55em; border: 0; border-radius: 50%; background: currentColor; vertical-align: .05em; }
        .key.c1::before { color: var(--c1); } .key.c2::before { color: var(--c2); } .key.c3::before { color: var(--c3); }
        .key.c4::before { color: var(--c4); } .key.c5::before { color: var(--c5); } .key.c6::before { color: var(--c6); }
        .chart { display: block; width: 100%; height: auto; overflow: visible; }
        .chart text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        .chart .grid { stroke: var(--rule); stroke-width: 1; }
        .chart .mark { stroke: var(--soft); stroke-width: 1; }
        .chart .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
        .chart .reference { stroke-dasharray: 6 4; stroke-width: 1.5; }
        .chart .dot { fill: currentColor; }
        .chart .band { fill: currentColor; opacity: .16; }
        .chart .bar { fill: currentColor; opacity: .8; }
        .chart .name { fill: var(--ink); }
        .chart .hover { fill: transparent; }
        .chart .c1 { color: var(--c1); } .chart .c2 { color: var(--c2); } .chart .c3 { color: var(--c3); }
        .chart .c4 { color: var(--c4); } .chart .c5 { color: var(--c5); } .chart .c6 { color: var(--c6); }
        @media (max-width: 30rem) { .chart text { font-size: 14px; } }
        @media print { details > * { display: block; } }

        """;
}
