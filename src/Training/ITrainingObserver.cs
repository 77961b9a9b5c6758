using LargeRec.Retrieval.Metrics;

namespace LargeRec.Training;

/// <summary>Is told what a run does while it does it: for progress displays and logs. Called on the training thread, so it must be quick. What is of no
/// interest need not be implemented.</summary>
public interface ITrainingObserver
{
    /// <summary>Something that takes a while begins: "reading ml-1m".</summary>
    void Phase(string description)
    {
    }

    /// <summary>So many rows of the data were read so far; told now and then between a phase of reading and its notes.</summary>
    /// <param name="source">The file or the data set.</param>
    /// <param name="rows">Rows, those left out among them.</param>
    void RowsRead(string source, long rows)
    {
    }

    /// <summary>A line worth knowing about the data or the run.</summary>
    void Note(string line)
    {
    }

    /// <summary>The data are read and the model is made.</summary>
    void Planned(TrainingPlan plan)
    {
    }

    /// <summary>A step was done.</summary>
    void Stepped(TrainingProgress progress)
    {
    }

    /// <summary>Examples of a split were ranked.</summary>
    void Ranked(string split, int done, int examples)
    {
    }

    /// <summary>A checkpoint is about to be written: what ends the process now loses it.</summary>
    void Saving(long step)
    {
    }

    /// <summary>It is written: the run can go on from here.</summary>
    void Saved(long step)
    {
    }

    /// <summary>An epoch is over; its metrics where it was evaluated.</summary>
    /// <param name="split">"validation" or "test"; empty where nothing was evaluated.</param>
    void EpochEnded(int epoch, double loss, string split, RankingMetrics? metrics)
    {
    }
}
