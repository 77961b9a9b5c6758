using LargeRec.Studies.Definition;
using LargeRec.Training;

namespace LargeRec.Studies.Running;

/// <summary>Is told what a study does while it does it, by several threads at once. What is of no interest need not be implemented.</summary>
public interface IStudyObserver
{
    /// <summary>Something that takes a while begins.</summary>
    void Phase(string description)
    {
    }

    /// <summary>A line worth knowing.</summary>
    void Note(string line)
    {
    }

    /// <summary>It is known what is to be done.</summary>
    void Planned(StudyPlan plan)
    {
    }

    /// <summary>A cell begins or goes on.</summary>
    void CellStarted(StudyCell cell)
    {
    }

    /// <summary>A cell did a step.</summary>
    void CellStepped(StudyCell cell, TrainingProgress progress, StudyProgress study)
    {
    }

    /// <summary>A cell is over.</summary>
    /// <param name="cell">Which.</param>
    /// <param name="failure">Why it failed; null where it did not.</param>
    /// <param name="headline">What it measured, in words.</param>
    /// <param name="study">How far the study is.</param>
    void CellEnded(StudyCell cell, string? failure, string headline, StudyProgress study)
    {
    }

    /// <summary>A checkpoint is about to be written: what ends the process now loses it.</summary>
    void Saving()
    {
    }

    /// <summary>It is written.</summary>
    void Saved()
    {
    }
}
