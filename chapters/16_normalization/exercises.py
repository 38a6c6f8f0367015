# %% [markdown]
# # Normalization: exercises
#
# Run the cells from the top. Each exercise is followed by its test: run both.
#
# Stuck? `check.hint("standardize")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch

from utils import check

# %% [markdown]
# ## 1. Standardise a table
#
# Write `standardize(X)`: take a float tensor of shape (N, n) and return one of the same
# shape in which each column has mean 0 and standard deviation 1 (divide by N, not by
# N - 1). Example: the column 1, 3 becomes -1, 1.
#
# Not allowed: PyTorch's normalisation, such as `F.batch_norm`.


# %% exercise="standardize"
def standardize(X):
    """Shift and scale each column, z = (x - mean) / std.

    Args:
        X: (N, n) float32, one example a row.

    Returns:
        (N, n) float32.
    """
    ### BEGIN SOLUTION
    mean = X.mean(dim=0)
    std = X.std(dim=0, correction=0)
    return (X - mean) / std
    ### END SOLUTION


# %% test="standardize" points=2 bans="normalisation"
X = torch.tensor([[1.0, 10.0], [3.0, 30.0], [8.0, 20.0]])
check.probe(standardize, X)
### BEGIN HIDDEN TESTS
check.probe(standardize, torch.tensor([[2.0, -1.0, 5.0], [4.0, 7.0, 6.0]]))
### END HIDDEN TESTS

# %% [markdown]
# ## 2. In your own words
#
# Why must the mean and the standard deviation come from the training set alone? Two
# sentences are enough.

# %% [markdown] manual="why_training_only" points=1
# ### BEGIN SOLUTION
# The test set stands for data that nobody has seen. Statistics that include it tell the
# model something about it, and the measured error is too small.
# ### END SOLUTION

# %% [markdown] choice="doubled_rows" points=1
# ## 3. What if each row comes twice?
#
# A table of N different rows is standardised with `standardize`. Now every row is
# written into the table once more, so that it has 2N rows, and the whole table is
# standardised again. What happens to the values of the first N rows?
#
# - They are all halved.
#   wrong: the deviation taken for a sum over the rows, which doubles with them
# - They shrink by the square root of 2.
#   wrong: the deviation of the data confused with the error of a mean of them
# - They stay as they are.
#   right: twice the sum over twice the rows is the same mean, for the values and for
#   their squared distances.
# - They grow by a factor that depends on N.
#   wrong: N - 1 in the denominator, which the exercise above does not have
