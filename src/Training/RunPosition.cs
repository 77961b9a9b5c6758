using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Metrics;

namespace LargeRec.Training;

/// <summary>Where a run stands beside its tensors: what a checkpoint remembers so that the run goes on as if it had never stopped.</summary>
internal sealed class RunPosition
{
    /// <summary>The epoch at work, from 1.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>Steps of that epoch done.</summary>
    public int StepsOfEpoch { get; private set; }

    /// <summary>Σ loss · tokens over those steps.</summary>
    public double EpochLoss { get; private set; }

    public long EpochTokens { get; private set; }

    public BestCheckpoint? Best { get; private set; }

    /// <summary>Validations since the best one.</summary>
    public int EvaluationsSinceBest { get; private set; }

    /// <summary>The mean loss of the epoch so far.</summary>
    public double MeanLoss => EpochLoss / EpochTokens;

    public static RunPosition Of(CheckpointState state) => new()
    {
        Epoch = state.Epoch,
        StepsOfEpoch = state.BatchIndex,
        EpochLoss = state.EpochLoss,
        EpochTokens = state.EpochTokens,
        Best = state.Best,
        EvaluationsSinceBest = state.EvaluationsSinceBest,
    };

    /// <summary>A step is done.</summary>
    public void Add(float loss, int tokens)
    {
        StepsOfEpoch++;
        EpochLoss += (double)loss * tokens;
        EpochTokens += tokens;
    }

    /// <summary>A validation at the end of a step; whether it is the best so far.</summary>
    public bool Judge(long step, RankingMetrics metrics, string metric)
    {
        if (Best is not null && metrics.Values[metric] <= Best.Value)
        {
            EvaluationsSinceBest++;
            return false;
        }

        (Best, EvaluationsSinceBest) = (new BestCheckpoint(step, metric, metrics.Values[metric]), 0);
        return true;
    }

    /// <summary>The epoch is over, its evaluation included.</summary>
    public void EndEpoch()
    {
        Epoch++;
        (StepsOfEpoch, EpochLoss, EpochTokens) = (0, 0, 0);
    }
}
