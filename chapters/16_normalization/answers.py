# The bank: other right answers, and the wrong ones that people really give. The title
# of a wrong answer is the name of the mistake, as the student is told it.

# %% standardize hints [markdown]
# 1. Take the column 1, 3. Which two numbers do you need to know of it, and along which
#    axis of `X` does each of them look?
# 2. Summarise down the rows, so that each column keeps numbers of its own. Broadcasting
#    then applies them to all rows at once. Mind by what the deviation divides.
# 3. Three steps: the column means, the column deviations of the whole population, and
#    the table shifted by the first and divided by the second.


# %% standardize right "with the square root of the mean square"
def standardize(X):
    Z = X - X.mean(dim=0, keepdim=True)
    return Z / (Z**2).mean(dim=0, keepdim=True).sqrt()


# %% standardize wrong "the columns are shifted but not scaled"
def standardize(X):
    return X - X.mean(dim=0)


# %% standardize wrong "one mean and one deviation for the whole table"
def standardize(X):
    return (X - X.mean()) / X.std(correction=0)


# %% standardize wrong "divided by N - 1 in the standard deviation"
def standardize(X):
    return (X - X.mean(dim=0)) / X.std(dim=0)


# %% standardize wrong "rows standardised in place of columns"
def standardize(X):
    mean = X.mean(dim=1, keepdim=True)
    return (X - mean) / X.std(dim=1, correction=0, keepdim=True)
