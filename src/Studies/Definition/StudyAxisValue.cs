namespace LargeRec.Studies.Definition;

/// <summary>A place on an axis.</summary>
/// <param name="Label">What tables and charts call it.</param>
/// <param name="Overrides">Texts <c>section.key=value</c>; none for the base as it is.</param>
public sealed record StudyAxisValue(string Label, IReadOnlyList<string> Overrides);
